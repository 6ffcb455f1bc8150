import type { Graph } from './graph.ts';

/** Weights from one node, or from several as one, to the groups around; one instance serves all nodes in turn. */
export class GroupLinks {
  readonly #links: Float64Array;
  /** The groups that were linked with what was looked at last, in the order of its neighbours. */
  #seen: number[] = [];

  constructor(size: number) {
    this.#links = new Float64Array(size);
  }

  /** Looks at `node`. Of `within` only neighbours count that have the same value there as the node. */
  look(graph: Graph, node: number, groups: Int32Array, within?: Int32Array): readonly number[] {
    this.#clear();
    this.#add(graph, node, groups, within);
    return this.#seen;
  }

  /** Looks at all of `nodes` as if they were one; edges between them count twice. */
  lookAll(graph: Graph, nodes: readonly number[], groups: Int32Array): readonly number[] {
    this.#clear();
    for (const node of nodes) this.#add(graph, node, groups);
    return this.#seen;
  }

  to(group: number): number {
    return this.#links[group] as number;
  }

  #clear(): void {
    for (const group of this.#seen) this.#links[group] = 0;
    this.#seen = [];
  }

  #add({ offsets, targets, weights }: Graph, node: number, groups: Int32Array, within?: Int32Array): void {
    for (let at = offsets[node] as number; at < (offsets[node + 1] as number); at++) {
      const other = targets[at] as number;
      if (within !== undefined && within[other] !== within[node]) continue;
      const group = groups[other] as number;
      if (this.#links[group] === 0) this.#seen.push(group);
      this.#links[group] = (this.#links[group] as number) + (weights[at] as number);
    }
  }
}
