import type { Word } from '../text/segment.ts';

/** Terms of a text and how much each counts. */
export type Bag = ReadonlyMap<string, number>;

/** A pair of characters says less than a word. */
const PAIR = 0.5;

/**
 * The words of a text, and pairs of Chinese characters inside long words and across single ones, because segmentation
 * cuts the same expression differently in a question and in an article.
 */
export function bagOf(words: readonly Word[]): Bag {
  const bag = new Map<string, number>();
  const add = (term: string, count: number) => bag.set(term, (bag.get(term) ?? 0) + count);
  let before: Word | undefined;
  for (const word of words) {
    if (word.kind !== 'mark') add(word.term, 1);
    if (word.kind === 'han') {
      if (word.form.length > 2)
        for (let at = 0; at + 2 <= word.form.length; at++) add(word.form.slice(at, at + 2), PAIR);
      if (before?.kind === 'han' && before.form.length === 1 && word.form.length === 1)
        add(before.form + word.form, PAIR);
    }
    before = word;
  }
  return bag;
}

/** The sum of bags, each counted so many times. */
export function mergeBags(parts: readonly (readonly [bag: Bag, times: number])[]): Bag {
  const sum = new Map<string, number>();
  for (const [bag, times] of parts)
    for (const [term, count] of bag) sum.set(term, (sum.get(term) ?? 0) + count * times);
  return sum;
}
