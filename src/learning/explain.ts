import type { Word } from '../text/segment.ts';
import type { WeighedWord } from '../triage/prediction.ts';
import { type FeatureSource, type SparseVector, termsOf, type Vectorizer } from './features.ts';
import type { LinearFunction } from './matrix.ts';

/** Words that carry a weight without telling a reader anything. */
const FUNCTION_WORDS = new Set(
  'a an the i im ive id me my mine we us our you your youre he she it its they them their this that these those is are was were be been am do does did done has have had will would can could should to of in on at for from with by as and or but if so not no yes just please hi hello dear there here then than too very still also all any some now today'.split(
    ' ',
  ),
);

function isTelling({ kind, form }: Word): boolean {
  return kind === 'han' ? form.length > 1 : kind === 'word' && form.length > 2 && !FUNCTION_WORDS.has(form);
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
