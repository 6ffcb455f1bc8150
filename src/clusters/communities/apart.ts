/**
 * Sides that must not meet: a node with side `2c` never shares a group with one that has `2c + 1`. Undefined where a
 * node has none.
 */
export type Sides = readonly (ReadonlySet<number> | undefined)[];

/** Counts the sides in every group while nodes move, so that a forbidden move is seen at once. */
export class SidesOfGroups {
  readonly #sides: Sides;
  readonly #counts = new Map<number, Map<number, number>>();

  constructor(sides: Sides, groups: Int32Array) {
    this.#sides = sides;
    for (const [node, own] of sides.entries()) if (own !== undefined) this.#add(node, groups[node] as number, 1);
  }

  /** Whether the node may join the group. */
  allows(node: number, group: number): boolean {
    const own = this.#sides[node];
    const present = own && this.#counts.get(group);
    if (!own || !present) return true;
    for (const side of own) if ((present.get(side ^ 1) ?? 0) > 0) return false;
    return true;
  }

  move(node: number, from: number, to: number): void {
    if (this.#sides[node] === undefined) return;
    this.#add(node, from, -1);
    this.#add(node, to, 1);
  }

  #add(node: number, group: number, by: number): void {
    const counts = this.#counts.get(group) ?? new Map<number, number>();
    this.#counts.set(group, counts);
    for (const side of this.#sides[node] ?? []) counts.set(side, (counts.get(side) ?? 0) + by);
  }
}

/** The sides of groups of nodes: all those of their members. */
export function joinSides(sides: Sides, groups: Int32Array, count: number): Sides {
  const joined: (Set<number> | undefined)[] = new Array(count).fill(undefined);
  for (const [node, own] of sides.entries()) {
    if (own === undefined) continue;
    const group = groups[node] as number;
    joined[group] = new Set([...(joined[group] ?? []), ...own]);
  }
  return joined;
}
