import { dotAt } from '../../learning/dot.ts';
import { createRandom } from '../../learning/random.ts';
import { centreByLanguage, languageMeans } from '../centre.ts';
import { centroidOf } from '../communities/join-languages.ts';
import type { ClusterItem } from '../item.ts';
import { kMeans } from '../k-means.ts';

const SEED = 1;
/** Different texts that the parts are found from; all others go to the nearest part. More block others for too long. */
const SAMPLE = 500;

/**
 * Suggests how a cluster falls into parts: k-means over vectors that are centred within the cluster, per language, so that
 * what its items share does not count and both languages of one matter stay together. Deterministic.
 *
 * @param keys the same for items that are never told apart
 * @returns rows of each part, the largest first; fewer parts than asked for where the items tell no more apart
 */
export function suggestParts(
  items: readonly Pick<ClusterItem, 'vector' | 'language'>[],
  keys: readonly string[],
  count: number,
): number[][] {
  const dense = centreByLanguage(items, languageMeans(items));
  const different = firstOfEach(keys);
  const rows = draw(different);
  const vectors = rows.map((row) => ({ dense: dense[row] as Float32Array }));
  const groups = kMeans(
    vectors.map((one) => one.dense),
    count,
    SEED,
  );
  const centres = Array.from({ length: count }, (_, part) =>
    centroidOf(
      vectors,
      [...vectors.keys()].filter((at) => groups[at] === part),
    ),
  ).filter((centre) => centre.length > 0);
  const parts: number[][] = centres.map(() => []);
  const chosen = new Map(different.map((row) => [keys[row], nearest(dense[row] as Float32Array, centres)]));
  for (const [row, key] of keys.entries()) parts[chosen.get(key) ?? 0]?.push(row);
  return parts
    .filter((part) => part.length > 0)
    .sort((one, other) => other.length - one.length || (one[0] ?? 0) - (other[0] ?? 0));
}

/** A part of the rows by lot, because messages that take turns must not fall out of step with a rule. */
function draw(rows: readonly number[]): number[] {
  const random = createRandom(SEED);
  const drawn = rows.slice(0, SAMPLE);
  for (let at = SAMPLE; at < rows.length; at++) {
    const place = Math.floor(random() * (at + 1));
    if (place < SAMPLE) drawn[place] = rows[at] as number;
  }
  return drawn;
}

function firstOfEach(keys: readonly string[]): number[] {
  const first = new Map<string, number>();
  for (const [row, key] of keys.entries()) if (!first.has(key)) first.set(key, row);
  return [...first.values()];
}

function nearest(vector: Float32Array, centres: readonly Float32Array[]): number {
  const similarities = centres.map((centre) => dotAt(vector, 0, centre));
  return similarities.indexOf(Math.max(...similarities));
}
