import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { dotAt } from '../learning/dot.ts';

/** Pairs that a report names. */
const MAX_PAIRS = 20;
/** Rows compared before others get their turn on the thread: 1 000 labels make half a million pairs. */
const ROWS_AT_ONCE = 16;

export const nearDuplicateSchema = z
  .object({
    labels: z.tuple([z.string(), z.string()]),
    by: z.enum(['examples', 'names']).describe('What is nearly the same: all examples on average, or the names.'),
    similarity: z.number().describe('Centred cosine, 1 for the same.'),
  })
  .meta({ id: 'NearDuplicate' });
export type NearDuplicate = z.infer<typeof nearDuplicateSchema>;

/** Pairs of labels whose vectors of unit length are at least this similar, nearest first. */
export async function findNearDuplicates(
  vectors: ReadonlyMap<string, Float32Array>,
  by: NearDuplicate['by'],
  atLeast: number,
  signal: AbortSignal | undefined,
): Promise<NearDuplicate[]> {
  const rows = [...vectors];
  const pairs: NearDuplicate[] = [];
  for (const [at, [key, vector]] of rows.entries()) {
    if (at % ROWS_AT_ONCE === 0) await setImmediate(undefined, { signal });
    for (const [other, another] of rows.slice(at + 1)) {
      const similarity = dotAt(vector, 0, another);
      if (similarity >= atLeast)
        pairs.push({ labels: [key, other], by, similarity: Math.round(similarity * 1_000) / 1_000 });
    }
  }
  return pairs.sort((left, right) => right.similarity - left.similarity).slice(0, MAX_PAIRS);
}
