/** An undirected weighted graph in compressed rows: the neighbours of `i` stand at `offsets[i]` up to `offsets[i + 1]`. */
export interface Graph {
  readonly size: number;
  readonly offsets: Int32Array;
  readonly targets: Int32Array;
  readonly weights: Float64Array;
  /** Weight of the edges inside a node that stands for several. */
  readonly loops: Float64Array;
}

export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

/** A graph from its edges, each given once, in any order and direction; an edge that comes again adds its weight. */
export function createGraph(size: number, edges: readonly Edge[], loops = new Float64Array(size)): Graph {
  const rows: Map<number, number>[] = Array.from({ length: size }, () => new Map<number, number>());
  for (const { from, to, weight } of edges) {
    if (from === to) continue;
    rows[from]?.set(to, (rows[from]?.get(to) ?? 0) + weight);
    rows[to]?.set(from, (rows[to]?.get(from) ?? 0) + weight);
  }
  const offsets = new Int32Array(size + 1);
  for (const [node, row] of rows.entries()) offsets[node + 1] = (offsets[node] ?? 0) + row.size;
  const targets = new Int32Array(offsets[size] ?? 0);
  const weights = new Float64Array(targets.length);
  for (const [node, row] of rows.entries()) {
    let at = offsets[node] ?? 0;
    for (const [to, weight] of [...row].sort(([left], [right]) => left - right)) {
      targets[at] = to;
      weights[at++] = weight;
    }
  }
  return { size, offsets, targets, weights, loops };
}

/** The weighted degree of every node, loops counted twice. */
export function degreesOf({ size, offsets, weights, loops }: Graph): Float64Array {
  const degrees = new Float64Array(size);
  for (let node = 0; node < size; node++) {
    let sum = 2 * (loops[node] as number);
    for (let at = offsets[node] as number; at < (offsets[node + 1] as number); at++) sum += weights[at] as number;
    degrees[node] = sum;
  }
  return degrees;
}

/** The graph of groups: one node per group, `groups` numbered from 0 without gaps. */
export function aggregate(graph: Graph, groups: Int32Array, count: number): Graph {
  const { size, offsets, targets, weights } = graph;
  const loops = new Float64Array(count);
  const sums = new Map<number, number>();
  for (let node = 0; node < size; node++) {
    const group = groups[node] as number;
    loops[group] = (loops[group] as number) + (graph.loops[node] as number);
    for (let at = offsets[node] as number; at < (offsets[node + 1] as number); at++) {
      const target = targets[at] as number;
      if (target < node) continue;
      const other = groups[target] as number;
      const weight = weights[at] as number;
      if (other === group) loops[group] = (loops[group] as number) + weight;
      else {
        const key = Math.min(group, other) * count + Math.max(group, other);
        sums.set(key, (sums.get(key) ?? 0) + weight);
      }
    }
  }
  const edges = [...sums].map(([key, weight]) => ({ from: Math.floor(key / count), to: key % count, weight }));
  return createGraph(count, edges, loops);
}
