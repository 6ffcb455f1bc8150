import { dotAt } from '../learning/dot.ts';
import { createRandom } from '../learning/random.ts';

const MAX_ROUNDS = 50;

/**
 * Spherical k-means (Dhillon and Modha, 2001) from k-means++ seeds.
 *
 * @param rows unit vectors
 */
export function kMeans(rows: readonly Float32Array[], k: number, seed: number): Int32Array {
  let centres = firstCentres(rows, Math.min(k, rows.length), createRandom(seed));
  let groups = new Int32Array(rows.length).fill(-1);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = Int32Array.from(rows, (row) => nearest(row, centres).at);
    const moved = next.some((group, row) => group !== groups[row]);
    groups = next;
    if (!moved) break;
    centres = centres.map((old, group) => meanDirection(rows, groups, group) ?? old);
  }
  return groups;
}

function firstCentres(rows: readonly Float32Array[], k: number, random: () => number): Float32Array[] {
  const centres: Float32Array[] = [];
  const distances = new Float64Array(rows.length).fill(1);
  while (centres.length < k) {
    let left = random() * distances.reduce((sum, one) => sum + one, 0);
    const drawn = distances.findIndex((distance) => {
      left -= distance;
      return left < 0;
    });
    const centre = rows[Math.max(0, drawn)] as Float32Array;
    centres.push(centre);
    for (const [row, vector] of rows.entries())
      distances[row] = Math.min(distances[row] as number, Math.max(0, 1 - dotAt(vector, 0, centre)));
  }
  return centres;
}

function nearest(row: Float32Array, centres: readonly Float32Array[]): { at: number } {
  let best = { at: -1, similarity: Number.NEGATIVE_INFINITY };
  for (const [at, centre] of centres.entries()) {
    const similarity = dotAt(row, 0, centre);
    if (similarity > best.similarity) best = { at, similarity };
  }
  return best;
}

function meanDirection(rows: readonly Float32Array[], groups: Int32Array, group: number): Float32Array | undefined {
  let sum: Float32Array | undefined;
  for (const [row, vector] of rows.entries()) {
    if (groups[row] !== group) continue;
    sum ??= new Float32Array(vector.length);
    for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] as number) + (vector[at] as number);
  }
  const length = Math.sqrt(sum === undefined ? 0 : dotAt(sum, 0, sum));
  return length === 0 ? undefined : sum?.map((value) => value / length);
}
