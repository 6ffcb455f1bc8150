import type { Word } from '../../text/segment.ts';
import type { ClusterItem, ClusterLanguage } from '../item.ts';

/** Words of a phrase that people can read. */
const MAX_WORDS = 4;
/** Each further word makes a phrase say more, up to the third. */
const LENGTH_BONUS = 0.3;
/** Of so many messages of a cluster a phrase must stand in. */
const LEAST_MESSAGES = 2;
/** Letters, or Chinese characters, below which a phrase says nothing. */
const MIN_LETTERS = { word: 3, han: 2 };

export interface NamePhrase {
  /** As most people wrote it, in lower case. */
  readonly text: string;
  /** Stems of its words. */
  readonly terms: readonly string[];
  readonly score: number;
  /** Share of the messages of its language that say it. */
  readonly share: number;
}

interface Counted {
  readonly terms: readonly string[];
  readonly spellings: Map<string, number>;
  messages: number;
}

/** Phrases of every group of items, per language; made once for all groups, because a telling phrase is rare elsewhere. */
export class PhraseCounts {
  readonly #language: ClusterLanguage;
  readonly #groups: readonly ReadonlyMap<string, Counted>[];
  readonly #sizes: readonly number[];
  readonly #everywhere = new Map<string, number>();
  readonly #meanSize: number;

  constructor(groups: readonly (readonly ClusterItem[])[], language: ClusterLanguage, generic: ReadonlySet<string>) {
    this.#language = language;
    this.#groups = groups.map((items) =>
      countPhrases(
        items.filter((item) => item.language === language),
        generic,
      ),
    );
    for (const counts of this.#groups)
      for (const [key, { messages }] of counts) this.#everywhere.set(key, (this.#everywhere.get(key) ?? 0) + messages);
    this.#sizes = groups.map((group) => group.filter((item) => item.language === language).length);
    this.#meanSize = this.#sizes.reduce((sum, size) => sum + size, 0) / Math.max(1, groups.length);
  }

  /**
   * The phrases that tell a group from the others, best first, none within another: c-TF-IDF (M. Grootendorst,
   * "BERTopic", 2022) over messages instead of words, so that one who repeats himself counts once.
   */
  best(group: number, count: number): NamePhrase[] {
    const scored = [...(this.#groups[group] ?? [])]
      .filter(([, { messages }]) => messages >= LEAST_MESSAGES)
      .map(([key, counted]) => this.#score(key, counted, this.#sizes[group] ?? 1))
      .sort((left, right) => right.score - left.score || (left.text < right.text ? -1 : 1));
    const chosen: NamePhrase[] = [];
    for (const phrase of scored) {
      if (chosen.length === count) break;
      if (!chosen.some((other) => shareTerms(other, phrase))) chosen.push(phrase);
    }
    return chosen;
  }

  #score(key: string, { terms, spellings, messages }: Counted, size: number): NamePhrase {
    const rarity = Math.log(1 + this.#meanSize / (this.#everywhere.get(key) ?? 1));
    const length = 1 + LENGTH_BONUS * (Math.min(terms.length, 3) - 1);
    const [text = ''] = [...spellings].sort(([one, n], [other, m]) => m - n || (one < other ? -1 : 1))[0] ?? [];
    return {
      text: this.#language === 'zh' ? text.replaceAll(' ', '') : text,
      terms,
      score: messages * rarity * length,
      share: messages / size,
    };
  }
}

function shareTerms(left: NamePhrase, right: NamePhrase): boolean {
  return left.terms.some((term) => right.terms.includes(term));
}

function countPhrases(items: readonly ClusterItem[], generic: ReadonlySet<string>): Map<string, Counted> {
  const counts = new Map<string, Counted>();
  for (const { source } of items) {
    const seen = new Set<string>();
    for (const phrase of phrasesOf(source.normal.text, source.words, generic)) {
      const terms = phrase.map(({ term }) => term);
      const key = terms.join(' ');
      const counted = counts.get(key) ?? { terms, spellings: new Map<string, number>(), messages: 0 };
      counts.set(key, counted);
      const text = source.normal.text.slice(phrase[0]?.start, phrase.at(-1)?.end);
      counted.spellings.set(text, (counted.spellings.get(text) ?? 0) + 1);
      if (!seen.has(key)) counted.messages++;
      seen.add(key);
    }
  }
  return counts;
}

/** Runs of up to four words that neither begin nor end with a generic one. */
function* phrasesOf(text: string, words: readonly Word[], generic: ReadonlySet<string>): Generator<readonly Word[]> {
  for (let first = 0; first < words.length; first++) {
    for (let length = 1; length <= MAX_WORDS && first + length <= words.length; length++) {
      const phrase = words.slice(first, first + length);
      if (length > 1 && !adjoin(text, phrase.at(-2), phrase.at(-1))) break;
      if (isTelling(phrase[0], generic) && isTelling(phrase.at(-1), generic) && isLongEnough(phrase)) yield phrase;
    }
  }
}

function adjoin(text: string, before: Word | undefined, word: Word | undefined): boolean {
  return (
    before !== undefined &&
    word !== undefined &&
    word.kind !== 'mark' &&
    text.slice(before.end, word.start).trim() === ''
  );
}

function isTelling(word: Word | undefined, generic: ReadonlySet<string>): boolean {
  if (word === undefined || generic.has(word.form)) return false;
  // A single Latin letter is what is left of a unit, such as 4h.
  return word.kind === 'han' || (word.kind === 'word' && word.form.length > 1);
}

function isLongEnough(phrase: readonly Word[]): boolean {
  const least = phrase.some(({ kind }) => kind === 'han') ? MIN_LETTERS.han : MIN_LETTERS.word;
  return phrase.reduce((sum, { form }) => sum + form.length, 0) >= least;
}
