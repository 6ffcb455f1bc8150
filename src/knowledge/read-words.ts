import type { Concepts } from '../text/concepts.ts';
import { normalize } from '../text/normalize.ts';
import { indexUnits } from '../text/phrases.ts';
import type { Segmenter } from '../text/segment.ts';
import { track } from '../text/tracked.ts';
import { toUnits } from '../text/units.ts';
import { type Bag, bagOf } from './bag.ts';

/** What searching by words needs. */
export interface WordReader {
  readonly segmenter: Segmenter;
  readonly concepts: Concepts;
}

/** The words and the concepts of a text of either language. */
export function readWords(
  { segmenter, concepts }: WordReader,
  text: string,
): { readonly words: Bag; readonly concepts: Bag } {
  const normal = normalize(track(text)).text;
  const units = toUnits(normal);
  const index = indexUnits(units);
  return { words: bagOf(segmenter.words(normal, units)), concepts: concepts.find(index) };
}
