import type { FeatureSource } from '../../learning/features.ts';

/** Messages that a word may stand in: of a more common one nearly all pairs would be compared for nothing. */
const MOST_MESSAGES = 48;
/** Pairs per message that are worth it; messages as long as books have more. */
const MOST_PAIRS = 200;

/**
 * The messages of each word that few have. What shares one is more often about the same than what lies in one leaf of a
 * random tree, above all where there are many matters: the search for neighbours begins with both. Rarest words first.
 */
export function groupByRareWords(sources: readonly Pick<FeatureSource, 'words'>[]): number[][] {
  const groups = new Map<string, number[]>();
  sources.forEach(({ words }, row) => {
    for (const { kind, term } of words) {
      if (kind === 'mark') continue;
      const group = groups.get(term);
      if (group === undefined) groups.set(term, [row]);
      // One more than is wanted tells that the word is common.
      else if (group.length <= MOST_MESSAGES && group.at(-1) !== row) group.push(row);
    }
  });
  let left = MOST_PAIRS * sources.length;
  return [...groups.values()]
    .filter(({ length }) => length > 1 && length <= MOST_MESSAGES)
    .sort((one, other) => one.length - other.length)
    .filter(({ length }) => {
      left -= (length * (length - 1)) / 2;
      return left >= 0;
    });
}
