import { FUNCTION_HAN, FUNCTION_WORDS } from '../../text/function-words.ts';
import { toUnits } from '../../text/units.ts';
import type { Finding } from '../draft.ts';
import { finding, fold, type Guard } from './context.ts';
import { keepsReservations } from './reservations.ts';

/** Share of a sentence's own words that its sources must have (set on rewordings by hand; attacks stay below 0.6). */
const SUPPORT_SHARE = 0.75;
/** Sources that one sentence may draw on. */
const MAX_SUPPORTS = 2;
const NUMBER = /\d+(?:[.,:]\d+)*/gu;
/** Every figure of a sentence stands in a source. */
export const figureGuard: Guard = ({ text, at, isApproved }, { supports, factTexts, isByPerson }) => {
  if (isApproved || isByPerson) return [];
  const known = new Set([...supports, ...factTexts].flatMap((support) => fold(support).match(NUMBER) ?? []));
  const unknown = (text.match(NUMBER) ?? []).find((number) => !known.has(number));
  return unknown === undefined ? [] : [finding('figure', at, unknown)];
};

/** Every sentence has a source, and says no more than its sources do. */
export const sourceGuard: Guard = ({ sentence, text, at, isApproved }, { supports, isByPerson }) => {
  if (isByPerson || isApproved) return [];
  const isCited = sentence.sources.some(({ kind }) => kind !== 'fact' && kind !== 'deadline');
  if (isCited && isSupported(text, supports)) return [];
  return [finding('unsourced', at, sentence.text.slice(0, 80))];
};

/** Whether the words of a sentence stand in two texts at most, and what those deny or leave open stays so. */
export function isSupported(text: string, supports: readonly string[]): boolean {
  const wanted = contentOf(text);
  if (wanted.size === 0) return false;
  const contents = contentsOf(supports);
  const used = new Set<number>();
  let missing = wanted;
  for (let taken = 0; taken < MAX_SUPPORTS; taken++) {
    let best = missing;
    let from = -1;
    contents.forEach((content, at) => {
      const rest = difference(missing, content);
      if (rest.size < best.size) [best, from] = [rest, at];
    });
    if (from < 0) break;
    missing = best;
    used.add(from);
  }
  if (1 - missing.size / wanted.size < SUPPORT_SHARE) return false;
  const drawnOn = supports.filter((_, at) => used.has(at)).map(fold);
  return keepsReservations(text, drawnOn, contentOf);
}

const known = new WeakMap<readonly string[], readonly ReadonlySet<string>[]>();

/** The same supports are asked for every sentence of every suggestion. */
function contentsOf(supports: readonly string[]): readonly ReadonlySet<string>[] {
  const contents = known.get(supports) ?? supports.map((support) => contentOf(fold(support)));
  known.set(supports, contents);
  return contents;
}

/** Stems of words and pairs of Han characters, without those that carry no meaning. */
function contentOf(text: string): ReadonlySet<string> {
  const content = new Set<string>();
  let last = '';
  for (const { kind, form, stem: root } of toUnits(text)) {
    if (kind === 'word' && !FUNCTION_WORDS.has(root)) content.add(root);
    if (kind === 'number') content.add(form);
    const isHan = kind === 'han' && !FUNCTION_HAN.has(form);
    if (isHan && last !== '') content.add(last + form);
    last = isHan ? form : '';
  }
  return content;
}

function difference(wanted: ReadonlySet<string>, given: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...wanted].filter((word) => !given.has(word)));
}

/** Articles that hold no more are not quoted; those to be looked at again, or contradicted, are marked. */
export const validityGuard: Guard = ({ sentence, at }, { articles }) =>
  sentence.sources.flatMap((source): Finding[] => {
    if (source.kind !== 'article') return [];
    const state = articles.get(source.id);
    if (state === undefined || state.validity === 'expired' || state.validity === 'not_yet')
      return [finding('source_expired', at, source.title)];
    const stale = state.validity === 'stale' ? [finding('source_stale', at, source.title, { blocks: false })] : [];
    const { passage } = source;
    const other = state.contradictions.find(({ own }) => own.includes(passage) || passage.includes(own))?.by;
    return other === undefined ? stale : [...stale, finding('source_contradicted', at, other, { blocks: false })];
  });

/** To a hint of self-harm nothing but the crisis wording is said. */
export const crisisGuard: Guard = ({ sentence, at, isApproved }, { isCrisis }) => {
  if (!isCrisis) return [];
  const isCrisisWording = sentence.sources.some((source) => source.kind === 'template' && /^crisis\./u.test(source.id));
  return isApproved && isCrisisWording ? [] : [finding('crisis', at, sentence.text.slice(0, 80))];
};
