import { findPhrase, indexUnits } from '../../text/phrases.ts';
import { SENTENCE_ENDS, toUnits } from '../../text/units.ts';
import type { ClusterItem, ClusterLanguage } from '../item.ts';
import type { InBoth, NameLexicon } from './name-lexicon.ts';
import { type NamePhrase, PhraseCounts } from './name-phrases.ts';

export interface ClusterName {
  readonly title: InBoth;
  /** The phrases that tell it from other clusters, best first; empty where nobody wrote in the language. */
  readonly phrases: Readonly<Record<ClusterLanguage, readonly string[]>>;
}

/** Where there is nothing to name. */
export const NAMELESS: ClusterName = { title: { zh: '', en: '' }, phrases: { zh: [], en: [] } };

export interface NamedGroup {
  readonly items: readonly ClusterItem[];
  /** The topic of most of its items, where one is known. */
  readonly topic?: { readonly key: string; readonly name: InBoth } | undefined;
}

/** Share of the messages that must say what a title says. */
const TITLE_SHARE = 0.4;
const PHRASES = 5;

/**
 * Names for clusters, in both languages whichever they were written in: a ready title where enough messages say what it
 * says, else the topic and the best phrase. Two of the same title are told apart by their phrases. Deterministic.
 *
 * @param rest messages in no cluster, which tell what is said everywhere
 */
export function nameClusters(
  groups: readonly NamedGroup[],
  rest: readonly ClusterItem[],
  lexicon: NameLexicon,
): ClusterName[] {
  const all = [...groups.map(({ items }) => items), rest];
  const counts = {
    zh: new PhraseCounts(all, 'zh', lexicon.generic.zh),
    en: new PhraseCounts(all, 'en', lexicon.generic.en),
  };
  const best = groups.map((_, at) => ({ zh: counts.zh.best(at, PHRASES), en: counts.en.best(at, PHRASES) }));
  const titles = groups.map((group, at) => readyTitle(group, lexicon) ?? fallbackTitle(group, best[at], lexicon));
  return titles.map((title, at) => {
    const isTaken = titles.some((other, place) => place !== at && other.zh === title.zh && other.en === title.en);
    const phrases = best[at] ?? { zh: [], en: [] };
    return {
      title: isTaken ? qualify(title, phrases, lexicon) : title,
      phrases: { zh: phrases.zh.map(({ text }) => text), en: phrases.en.map(({ text }) => text) },
    };
  });
}

type Best = Readonly<Record<ClusterLanguage, readonly NamePhrase[]>>;

function readyTitle({ items, topic }: NamedGroup, { titles }: NameLexicon): InBoth | undefined {
  const indexes = items.map(({ source }) =>
    indexUnits(toUnits(source.normal.text), ({ form }) => SENTENCE_ENDS.has(form)),
  );
  const shares = titles
    .filter((one) => topic === undefined || one.topic === topic.key)
    .map(({ title, any }) => {
      const hits = indexes.filter((index) => any.some((phrase) => findPhrase(phrase, index).length > 0)).length;
      return { title, share: hits / Math.max(1, items.length) };
    });
  const [first] = shares.sort((left, right) => right.share - left.share);
  return first !== undefined && first.share >= TITLE_SHARE ? first.title : undefined;
}

function fallbackTitle({ topic }: NamedGroup, best: Best | undefined, { fallback }: NameLexicon): InBoth {
  const title = (language: ClusterLanguage) => {
    const phrase = (best?.[language][0] ?? best?.[language === 'zh' ? 'en' : 'zh'][0])?.text;
    const pattern =
      phrase === undefined
        ? topic === undefined
          ? fallback.nothing
          : fallback.topic_only
        : topic === undefined
          ? fallback.phrase_only
          : fallback.with_topic;
    return capitalize(fill(pattern[language], { topic: topic?.name[language] ?? '', phrase: phrase ?? '' }));
  };
  return { zh: title('zh'), en: title('en') };
}

/** The title with the best phrase that it does not say itself; none where nobody wrote in the language. */
function qualify(title: InBoth, best: Best, { qualified }: NameLexicon): InBoth {
  const add = (language: ClusterLanguage) => {
    const phrase = best[language].find(({ text }) => !title[language].toLowerCase().includes(text))?.text;
    return phrase === undefined ? title[language] : fill(qualified[language], { title: title[language], phrase });
  };
  return { zh: add('zh'), en: add('en') };
}

function fill(pattern: string, values: Readonly<Record<string, string>>): string {
  return pattern.replace(/\{(\w+)\}/gu, (_, name: string) => values[name] ?? '');
}

const capitalize = (text: string) => text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
