import { normalize } from './normalize.ts';
import { type Span, track } from './tracked.ts';
import { SENTENCE_ENDS, toUnits, type Unit } from './units.ts';

/**
 * The phrase notation of rule files, matched on units (words by stem, Han character by character):
 *
 * - `account|wallet hacked`       alternatives, then the next element directly behind
 * - `账户|账号 ~6 被盗`            up to six units between, never across the end of a sentence
 * - `log_in`                      several words as one alternative
 * - `?的`                         an element that may be missing
 * - `=us`                         this very form, no stemming
 * - `#`                           any number
 */
export interface Phrase {
  readonly source: string;
  readonly elements: readonly Element[];
}

interface Element {
  /** Alternatives by the stem that they begin with (`ANY_NUMBER` for `#`), in the order of the notation. */
  readonly alternatives: ReadonlyMap<string, readonly (readonly Key[])[]>;
  readonly optional: boolean;
  /** Units that may stand between the element before and this one. */
  readonly gap: number;
}

interface Key {
  readonly stem: string;
  /** The form that is asked for by `=`. */
  readonly form: string | undefined;
}

/** Where something stands in a text, in characters and in units. */
export interface Place extends Span {
  /** Index of the first unit, and one past the last. */
  readonly firstUnit: number;
  readonly endUnit: number;
  /** Ranges of units that a gap passed over. */
  readonly skipped: readonly (readonly [from: number, to: number])[];
}

export interface PhraseMatch extends Place {
  readonly phrase: Phrase;
}

interface Ending {
  readonly endUnit: number;
  readonly skipped: (readonly [number, number])[];
}

const MAX_GAP = 30;
/** Ways of filling the gaps of a phrase that are tried at each place where it may begin; shipped phrases have 275. */
const MAX_WAYS = 1_000;
/** Stands for every number in `byStem`; no unit has it as its stem. */
const ANY_NUMBER = '#number';

/** @throws RangeError naming what is wrong with the notation. */
export function parsePhrase(source: string): Phrase {
  const elements: Element[] = [];
  let gap = 0;
  for (const token of source.trim().split(/\s+/u)) {
    if (token.startsWith('~')) {
      const units = /^~\d{1,2}$/u.test(token) ? Number(token.slice(1)) : 0;
      if (units < 1 || units > MAX_GAP || elements.length === 0 || gap > 0)
        throw new RangeError(`"${source}": a gap is ~1 to ~${MAX_GAP} and follows an element`);
      gap = units;
      continue;
    }
    const optional = token.startsWith('?') && token.length > 1;
    elements.push({ alternatives: parseAlternatives(optional ? token.slice(1) : token, source), optional, gap });
    gap = 0;
  }
  const first = elements[0];
  if (first === undefined || first.optional || gap > 0)
    throw new RangeError(`"${source}": a phrase begins and ends with a word`);
  const ways = countWays(elements);
  if (ways > MAX_WAYS)
    throw new RangeError(
      `"${source}": its gaps can be filled in ${ways} ways, at most ${MAX_WAYS} are accepted; use fewer or shorter gaps`,
    );
  return { source, elements };
}

/** An element that may be missing doubles them where another begins alike: else the text leaves no choice. */
function countWays(elements: readonly Element[]): number {
  const begins = new Map<string, number>();
  for (const { alternatives } of elements)
    for (const stem of alternatives.keys()) begins.set(stem, (begins.get(stem) ?? 0) + 1);
  const isAlone = ({ alternatives }: Element) => [...alternatives.keys()].every((stem) => begins.get(stem) === 1);
  return elements.reduce(
    (ways, element) => ways * (element.gap + 1) * (element.optional && !isAlone(element) ? 2 : 1),
    1,
  );
}

function parseAlternatives(token: string, source: string): Element['alternatives'] {
  const alternatives = new Map<string, Key[][]>();
  for (const part of token.split('|')) {
    const keys = parseAlternative(part, source);
    const begin = keys[0]?.stem ?? '';
    alternatives.set(begin, [...(alternatives.get(begin) ?? []), keys]);
  }
  return alternatives;
}

function parseAlternative(part: string, source: string): Key[] {
  if (part === '#') return [{ stem: ANY_NUMBER, form: undefined }];
  const exact = part.startsWith('=');
  const units = toUnits(normalize(track((exact ? part.slice(1) : part).replaceAll('_', ' '))).text);
  if (units.length === 0) throw new RangeError(`"${source}": an alternative is empty`);
  const end = units.find((unit) => SENTENCE_ENDS.has(unit.form));
  if (end) throw new RangeError(`"${source}": "${end.form}" ends a sentence, and no phrase goes on behind it`);
  return units.map((unit) => ({ stem: unit.stem, form: exact ? unit.form : undefined }));
}

/** Unit positions by stem and by form: built once per text, shared by all phrases. */
export interface UnitIndex {
  readonly units: readonly Unit[];
  readonly byStem: ReadonlyMap<string, readonly number[]>;
  /** For each unit the index one past the end of its sentence. */
  readonly sentenceEnd: Int32Array;
}

/** @param isSentenceEnd of a stop; those of `SENTENCE_ENDS` unless told */
export function indexUnits(
  units: readonly Unit[],
  isSentenceEnd: (unit: Unit) => boolean = ({ form }) => SENTENCE_ENDS.has(form),
): UnitIndex {
  const byStem = new Map<string, number[]>();
  const sentenceEnd = new Int32Array(units.length);
  let end = units.length;
  for (let index = units.length - 1; index >= 0; index--) {
    const unit = units[index];
    if (unit === undefined) continue;
    if (unit.kind === 'stop' && isSentenceEnd(unit)) end = index;
    sentenceEnd[index] = end;
  }
  const add = (key: string, index: number) => {
    const positions = byStem.get(key);
    if (positions) positions.push(index);
    else byStem.set(key, [index]);
  };
  units.forEach((unit, index) => {
    add(unit.stem, index);
    if (unit.kind === 'number') add(ANY_NUMBER, index);
  });
  return { units, byStem, sentenceEnd };
}

/** All places where the phrase stands, leftmost first, without overlaps. Linear in the text for a given phrase. */
export function findPhrase(phrase: Phrase, index: UnitIndex): PhraseMatch[] {
  const stems = [...(phrase.elements[0]?.alternatives.keys() ?? [])];
  const starts = stems.flatMap((stem) => index.byStem.get(stem) ?? []).sort((left, right) => left - right);
  return findPhraseAt(phrase, starts, index);
}

/** `findPhrase` where the units are known, in ascending order, whose stem is one that the phrase may begin with. */
export function findPhraseAt(phrase: Phrase, starts: readonly number[], index: UnitIndex): PhraseMatch[] {
  const matches: PhraseMatch[] = [];
  let free = 0;
  for (const start of starts) {
    if (start < free) continue;
    const ending = matchFrom(phrase.elements, 0, start, index.sentenceEnd[start] ?? 0, index);
    if (ending === undefined) continue;
    const from = index.units[start];
    const to = index.units[ending.endUnit - 1];
    if (from === undefined || to === undefined) continue;
    matches.push({ phrase, firstUnit: start, ...ending, start: from.start, end: to.end });
    free = ending.endUnit;
  }
  return matches;
}

/** Where the elements from `at` on end when they start at `position`, or undefined. */
function matchFrom(
  elements: readonly Element[],
  at: number,
  position: number,
  limit: number,
  index: UnitIndex,
): Ending | undefined {
  const element = elements[at];
  if (element === undefined) return { endUnit: position, skipped: [] };
  for (let gap = 0; gap <= element.gap && position + gap < limit; gap++) {
    const start = position + gap;
    for (const keys of candidates(element, index.units[start])) {
      if (!standsAt(keys, start, limit, index)) continue;
      const ending = matchFrom(elements, at + 1, start + keys.length, limit, index);
      if (ending === undefined) continue;
      if (gap > 0) ending.skipped.unshift([position, start]);
      return ending;
    }
  }
  return element.optional ? matchFrom(elements, at + 1, position, limit, index) : undefined;
}

const NONE: readonly (readonly Key[])[] = [];

/** The alternatives that begin like this unit. */
function candidates(element: Element, unit: Unit | undefined): readonly (readonly Key[])[] {
  if (unit === undefined) return NONE;
  const byStem = element.alternatives.get(unit.stem) ?? NONE;
  if (unit.kind !== 'number') return byStem;
  return [...byStem, ...(element.alternatives.get(ANY_NUMBER) ?? NONE)];
}

function standsAt(keys: readonly Key[], start: number, limit: number, index: UnitIndex): boolean {
  if (start + keys.length > limit) return false;
  return keys.every((key, offset) => {
    const unit = index.units[start + offset];
    if (unit === undefined) return false;
    if (key.stem === ANY_NUMBER) return unit.kind === 'number';
    return unit.stem === key.stem && (key.form === undefined || unit.form === key.form);
  });
}
