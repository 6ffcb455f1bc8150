import type { Word } from '../text/segment.ts';
import type { WeighedWord } from '../triage/prediction.ts';
import { type FeatureSource, type SparseVector, termsOf, type Vectorizer } from './features.ts';
import type { LinearFunction } from './matrix.ts';

/** Words that carry a weight without telling a reader anything. */
const FUNCTION_WORDS = new Set(
  [
    'a an the i im ive id me my mine myself we us our you your yours he she him his her it its they them their this that',
    'these those there here who whom which what when where why how is isnt are arent was wasnt were be been being am do',
    'dont does doesnt did didnt done doing has hasnt have havent had having will wont would wouldnt can cant cannot could',
    'couldnt should shouldnt may might must of in on at for from with without into onto over under up down out off by as',
    'and or but if so not no nor yes just please hi hello dear then than too very still also all any some each every both',
    'else even ever never now today yesterday tomorrow ago again already yet only about after before since until while',
    'because get gets got getting go goes going gone come comes came want wants need needs make makes made let lets',
    'say says said see seen know think one two many much more most other another same such own way thing things',
    'day days hour hours week weeks month months minute minutes time times really quite right well back',
    '一直 已经 现在 今天 昨天 明天 没有 不是 就是 还是 可以 怎么 什么 这个 那个 这样 那样 我们 你们 他们 自己 一个 一下 之前',
    '之后 因为 所以 但是 而且 然后 如果 或者 还有 真的 非常 比较 有点 出现 进行 觉得 知道 需要 时候 小时 分钟 几天 刚刚 刚才',
  ]
    .join(' ')
    .split(' '),
);

function isTelling({ kind, form }: Word): boolean {
  if (FUNCTION_WORDS.has(form.replaceAll("'", ''))) return false;
  return kind === 'han' ? form.length > 1 : kind === 'word' && form.length > 2;
}

/** The words that each term of a text stands on, by the term's index. */
export type TermPlaces = ReadonlyMap<number, readonly (readonly Word[])[]>;

export function placeTerms(source: FeatureSource, vectorizer: Vectorizer): TermPlaces {
  const { words } = source;
  const wordAt = new Map(words.map(({ start }, at) => [start, at]));
  const places = new Map<number, Word[][]>();
  for (const { term, start, end } of termsOf(source)) {
    const index = vectorizer.indexOf(term);
    if (index === undefined || term.startsWith('f:')) continue;
    const first = wordAt.get(start) ?? words.length;
    let last = first;
    while ((words[last + 1]?.end ?? Number.POSITIVE_INFINITY) <= end) last++;
    const known = places.get(index);
    if (known) known.push(words.slice(first, last + 1));
    else places.set(index, [words.slice(first, last + 1)]);
  }
  return places;
}

/**
 * The words that speak most for a label: what each term adds to the linear score, shared over the places where it
 * stands, and summed by word. Exact for the sparse part of the score; the sentence vector has no words.
 */
export function weighWords(
  { words }: FeatureSource,
  places: TermPlaces,
  sparse: SparseVector,
  scorer: LinearFunction,
  limit: number,
): WeighedWord[] {
  const weights = new Map<Word, number>();
  sparse.indices.forEach((index, at) => {
    const spots = places.get(index) ?? [];
    const share = ((sparse.values[at] ?? 0) * (scorer.sparse[index] ?? 0)) / spots.length;
    for (const covered of spots) {
      for (const word of covered) weights.set(word, (weights.get(word) ?? 0) + share / covered.length);
    }
  });
  return words
    .filter(isTelling)
    .map((word) => ({ start: word.start, end: word.end, weight: weights.get(word) ?? 0 }))
    .filter(({ weight }) => weight > 0)
    .sort((left, right) => right.weight - left.weight)
    .slice(0, limit);
}
