/** How many groups there are. */
export function countGroups(groups: Int32Array): number {
  return new Set(groups).size;
}

/** The same groups, numbered from 0 in the order of first appearance. */
export function renumber(groups: Int32Array): Int32Array {
  const numbers = new Map<number, number>();
  return groups.map((group) => {
    const known = numbers.get(group);
    if (known !== undefined) return known;
    numbers.set(group, numbers.size);
    return numbers.size - 1;
  });
}

/** The rows of every group; groups are numbered from 0, and negative ones (singles) are left out. */
export function membersOf(groups: ArrayLike<number>): number[][] {
  const members: number[][] = [];
  for (let row = 0; row < groups.length; row++) {
    const group = groups[row] as number;
    if (group < 0) continue;
    while (members.length <= group) members.push([]);
    members[group]?.push(row);
  }
  return members;
}
