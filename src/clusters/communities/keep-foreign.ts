import { dotAt } from '../../learning/dot.ts';
import { JOIN } from '../arrival/arrive.ts';
import type { Features } from '../neighbours/mixed-neighbours.ts';
import { membersOf } from './partition.ts';

/**
 * Leaves reports in a cluster of the other language where they would still be placed there if they came now: two of
 * them make no community of their own that could be joined to it.
 *
 * @param start the cluster that each row is in now
 * @param isFixed rows of which people have said where they do not belong
 */
export function keepForeign(
  rows: readonly Features[],
  groups: Int32Array,
  start: readonly (string | undefined)[],
  isFixed: (row: number) => boolean,
): Int32Array {
  const members = membersOf(groups);
  const goesOn = successors(groups, start);
  return groups.map((group, row) => {
    const own = rows[row];
    const next = goesOn.get(start[row] ?? '');
    if (group >= 0 || own === undefined || next === undefined || isFixed(row)) return group;
    const others = (members[next] ?? []).flatMap((at) => rows[at] ?? []);
    const same = others.filter(({ language }) => language === own.language).length;
    if (2 * same >= others.length) return group;
    const similarities = others.map(({ dense }) => dotAt(dense, 0, own.dense));
    const mean = similarities.reduce((sum, one) => sum + one, 0) / similarities.length;
    return mean >= JOIN.foreign.all && Math.max(...similarities) >= JOIN.foreign.nearest ? next : group;
  });
}

/** The group in which most of each cluster is. */
function successors(groups: Int32Array, start: readonly (string | undefined)[]): ReadonlyMap<string, number> {
  const counts = new Map<string, Map<number, number>>();
  for (const [row, cluster] of start.entries()) {
    const group = groups[row] ?? -1;
    if (cluster === undefined || group < 0) continue;
    const own = counts.get(cluster) ?? new Map<number, number>();
    own.set(group, (own.get(group) ?? 0) + 1);
    counts.set(cluster, own);
  }
  return new Map(
    [...counts].map(([cluster, own]) => [
      cluster,
      [...own].sort((left, right) => right[1] - left[1] || left[0] - right[0])[0]?.[0] ?? -1,
    ]),
  );
}
