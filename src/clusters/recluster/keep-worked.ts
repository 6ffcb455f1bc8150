/**
 * Keeps clusters that people have named or work on together where their items make no community any more: what somebody
 * looks after does not end because its reports are few or loosely worded. One that goes on in a community does so.
 *
 * @param groups the community of every row, -1 for none, numbered from 0 without gaps
 * @param clusters the cluster that each row is in now
 */
export function keepWorked(
  groups: Int32Array,
  clusters: readonly (string | undefined)[],
  worked: ReadonlySet<string>,
): Int32Array {
  const members = new Map<string, number[]>();
  for (const [row, cluster] of clusters.entries()) {
    if (cluster === undefined || !worked.has(cluster)) continue;
    members.set(cluster, [...(members.get(cluster) ?? []), row]);
  }
  const kept = groups.slice();
  let next = groups.reduce((most, group) => Math.max(most, group), -1) + 1;
  for (const rows of members.values()) {
    if (rows.some((row) => (groups[row] as number) >= 0)) continue;
    for (const row of rows) kept[row] = next;
    next++;
  }
  return kept;
}
