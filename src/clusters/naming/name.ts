import { findPhrase, indexUnits, type UnitIndex } from '../../text/phrases.ts';
import { toUnits } from '../../text/units.ts';
import type { ClusterItem, ClusterLanguage } from '../item.ts';
import { meanAlike, translate } from './glossary.ts';
import type { InBoth, NameLexicon } from './name-lexicon.ts';
import { type NamePhrase, PhraseCounts } from './name-phrases.ts';
import { type ConceptWords, shareConcepts } from './shared-concepts.ts';

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
/** Words of a phrase that says enough alone. */
const LONG_PHRASE = 3;
/** Share of the messages that must say the second phrase of a name. */
const SECOND_SHARE = 0.3;
const HAN = /\p{Script=Han}/u;

/**
 * Names for clusters, in both languages whichever they were written in: a ready title where enough messages say what it
 * says, else the topic and the best phrase. Two of the same title are told apart by their phrases. Deterministic.
 *
 * @param rest messages in no cluster, which tell what is said everywhere
 * @param taken titles that others have, with a phrase or without
 */
export function nameClusters(
  groups: readonly NamedGroup[],
  rest: readonly ClusterItem[],
  lexicon: NameLexicon,
  taken: readonly InBoth[] = [],
): ClusterName[] {
  const all = [...groups.map(({ items }) => items), rest];
  const counts = {
    zh: new PhraseCounts(all, 'zh', lexicon.generic.zh),
    en: new PhraseCounts(all, 'en', lexicon.generic.en),
  };
  const best = groups.map((_, at) => ({ zh: counts.zh.best(at, PHRASES), en: counts.en.best(at, PHRASES) }));
  const indexes = groups.map(({ items }) => items.map(indexOf));
  const concepts = once(() => shareConcepts(indexes, lexicon));
  const titles = groups.map(
    (group, at) =>
      readyTitle(group, indexes[at] ?? [], lexicon) ??
      fallbackTitle(group, { ...(best[at] ?? NO_PHRASES), concepts: () => concepts()[at] ?? NO_WORDS }, lexicon),
  );
  return titles.map((title, at) => {
    const isTaken = (language: ClusterLanguage) =>
      titles.some((other, place) => place !== at && other[language] === title[language]) ||
      taken.some((other) => isSameTitle(other[language], title[language], lexicon.qualified[language]));
    const phrases = best[at] ?? NO_PHRASES;
    return {
      title: {
        zh: isTaken('zh') ? qualify(title.zh, 'zh', phrases, lexicon) : title.zh,
        en: isTaken('en') ? qualify(title.en, 'en', phrases, lexicon) : title.en,
      },
      phrases: { zh: phrases.zh.map(({ text }) => text), en: phrases.en.map(({ text }) => text) },
    };
  });
}

type Best = Readonly<Record<ClusterLanguage, readonly NamePhrase[]>>;
const NO_PHRASES: Best = { zh: [], en: [] };
const NO_WORDS: ConceptWords = { zh: [], en: [] };

/** What a title may say: phrases, and where there are none the concepts. */
interface Said extends Best {
  concepts(): ConceptWords;
}

function indexOf({ source }: ClusterItem): UnitIndex {
  return indexUnits(toUnits(source.normal.text));
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function readyTitle({ topic }: NamedGroup, indexes: readonly UnitIndex[], { titles }: NameLexicon): InBoth | undefined {
  const shares = titles
    .filter((one) => topic === undefined || one.topic === topic.key)
    .map(({ title, any }) => {
      const hits = indexes.filter((index) => any.some((phrase) => findPhrase(phrase, index).length > 0)).length;
      return { title, share: hits / Math.max(1, indexes.length) };
    });
  const [first] = shares.sort((left, right) => right.share - left.share);
  return first !== undefined && first.share >= TITLE_SHARE ? first.title : undefined;
}

function fallbackTitle({ topic }: NamedGroup, said: Said, lexicon: NameLexicon): InBoth {
  const { fallback } = lexicon;
  const title = (language: ClusterLanguage) => {
    const name = topic?.name[language] ?? '';
    const phrase = spell(tellingPhrase(language, name, said, lexicon), lexicon);
    const pattern =
      phrase === undefined
        ? topic === undefined
          ? fallback.nothing
          : fallback.topic_only
        : topic === undefined
          ? fallback.phrase_only
          : fallback.with_topic;
    return capitalize(fill(pattern[language], { topic: name, phrase: phrase ?? '' }));
  };
  return { zh: title('zh'), en: title('en') };
}

/** What is said beyond the topic's name: two short phrases or a long one, in words that readers of the language know. */
function tellingPhrase(
  language: ClusterLanguage,
  topic: string,
  said: Said,
  { joined, glossary }: NameLexicon,
): string | undefined {
  const isNew = (text: string) => !topic.toLowerCase().includes(text);
  const [first, ...others] = said[language].filter(({ text }) => isNew(text));
  if (first !== undefined) {
    const second = others.find(
      ({ text, share }) => share >= SECOND_SHARE && !meanAlike(first.text, text, language, glossary),
    );
    if (first.terms.length >= LONG_PHRASE || second === undefined) return first.text;
    return fill(joined[language], { first: first.text, second: second.text });
  }
  // Readers of Chinese know English words of trade, not the other way round.
  const foreign = said[language === 'zh' ? 'en' : 'zh'].map(({ text }) => ({
    text,
    own: translate(text, language, glossary),
    isReadable: language === 'zh' || !HAN.test(text),
  }));
  const [known] = foreign.filter(({ own, isReadable }) => isReadable || (own !== undefined && isNew(own)));
  if (known !== undefined) return known.own ?? known.text;
  const [one, other] = said.concepts()[language].filter(isNew);
  return one === undefined || other === undefined ? one : fill(joined[language], { first: one, second: other });
}

function spell(text: string | undefined, { spelled }: NameLexicon): string | undefined {
  return text?.replace(/[a-z\d]+/gu, (word) => spelled.get(word) ?? word);
}

/** Whether another title is this one, or this one with a phrase. */
function isSameTitle(other: string, title: string, pattern: string): boolean {
  const [beginning = ''] = fill(pattern, { title, phrase: '\n' }).split('\n');
  return other === title || other.startsWith(beginning);
}

/** The title with the best phrase that it does not say itself, of the other language where nobody wrote in this one. */
function qualify(title: string, language: ClusterLanguage, best: Best, lexicon: NameLexicon): string {
  const phrases = best[language].length > 0 ? best[language] : best[language === 'zh' ? 'en' : 'zh'];
  const phrase = spell(phrases.find(({ text }) => !title.toLowerCase().includes(text))?.text, lexicon);
  return phrase === undefined ? title : fill(lexicon.qualified[language], { title, phrase });
}

function fill(pattern: string, values: Readonly<Record<string, string>>): string {
  return pattern.replace(/\{(\w+)\}/gu, (_, name: string) => values[name] ?? '');
}

const capitalize = (text: string) => text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
