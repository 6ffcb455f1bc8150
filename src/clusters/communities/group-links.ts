import type { Graph } from './graph.ts';

/** Weights from one node to the groups around it; one instance serves all nodes in turn. */
export class GroupLinks {
  readonly #links: Float64Array;
  /** The groups that the node looked at last is linked with, in the order of its neighbours. */
  #seen: number[] = [];

  constructor(size: number) {
    this.#links = new Float64Array(size);
  }

  /** Looks at `node`. Of `within` only neighbours count that have the same value there as the node. */
  look({ offsets, targets, weights }: Graph, node: number, groups: Int32Array, within?: Int32Array): readonly number[] {
    for (const group of this.#seen) this.#links[group] = 0;
    const seen: number[] = [];
    for (let at = offsets[node] as number; at < (offsets[node + 1] as number); at++) {
      const other = targets[at] as number;
      if (within !== undefined && within[other] !== within[node]) continue;
      const group = groups[other] as number;
      if (this.#links[group] === 0) seen.push(group);
      this.#links[group] = (this.#links[group] as number) + (weights[at] as number);
    }
    this.#seen = seen;
    return seen;
  }

  to(group: number): number {
    return this.#links[group] as number;
  }
}
