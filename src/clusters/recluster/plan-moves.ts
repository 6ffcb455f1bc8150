import type { ReclusterOutput } from './recluster-input.ts';

export interface MovesInput {
  readonly output: Pick<ReclusterOutput, 'items' | 'clusters' | 'lineage'>;
  /** The cluster of every item that was in one when the run began, and that is in one now. */
  readonly before: ReadonlyMap<string, string>;
  readonly now: ReadonlyMap<string, string>;
}

export interface Moves {
  /** Items with the clusters that they go into. */
  readonly join: readonly (readonly [item: string, cluster: string])[];
  /** Items that are in none any more. */
  readonly leave: readonly string[];
}

/**
 * Which items go where after a run. What joined or left a cluster while it ran stays so, but for clusters that went
 * into others: all who are in them go along, also the items that the run did not look at. Pure.
 */
export function planMoves({ output, before, now }: MovesInput): Moves {
  const successors = new Map(
    output.lineage.flatMap((one) => (one.kind === 'merged_into' ? [[one.cluster, one.into] as const] : [])),
  );
  const found = new Map(output.items.map((id, at) => [id, output.clusters[at]]));
  const join: [string, string][] = [];
  const leave: string[] = [];
  for (const [item, target] of found) {
    const has = now.get(item);
    if (has !== before.get(item) || has === target) continue;
    if (target !== undefined) join.push([item, target]);
    else leave.push(item);
  }
  for (const [item, has] of now) {
    const isPlanned = found.has(item) && has === before.get(item);
    const successor = successors.get(has);
    if (!isPlanned && successor !== undefined) join.push([item, successor]);
  }
  return { join, leave };
}
