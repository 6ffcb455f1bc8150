/** An undirected weighted graph in compressed rows: the neighbours of `i` stand at `offsets[i]` up to `offsets[i + 1]`. */
export interface Graph {
  readonly size: number;
  readonly offsets: Int32Array;
  readonly targets: Int32Array;
  readonly weights: Float64Array;
  /** Weight of the edges inside a node that stands for several. */
  readonly loops: Float64Array;
  /** What chance is reckoned with in place of the weighted degrees, where some weights say more than the graph alone. */
  readonly degrees?: Float64Array | undefined;
}

export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

/** Edges, each given once, in flat arrays that grow: as objects those of many messages take as much as their vectors. */
export class EdgeList {
  #from = new Int32Array(1_024);
  #to = new Int32Array(1_024);
  #weights = new Float64Array(1_024);
  #length = 0;

  static of(edges: Iterable<Edge>): EdgeList {
    const list = new EdgeList();
    for (const { from, to, weight } of edges) list.add(from, to, weight);
    return list;
  }

  add(from: number, to: number, weight: number): void {
    if (this.#length === this.#from.length) this.#grow();
    this.#from[this.#length] = from;
    this.#to[this.#length] = to;
    this.#weights[this.#length++] = weight;
  }

  forEach(visit: (from: number, to: number, weight: number) => void): void {
    for (let at = 0; at < this.#length; at++)
      visit(this.#from[at] as number, this.#to[at] as number, this.#weights[at] as number);
  }

  #grow(): void {
    const [from, to, weights] = [this.#from, this.#to, this.#weights];
    this.#from = new Int32Array(2 * from.length);
    this.#to = new Int32Array(2 * to.length);
    this.#weights = new Float64Array(2 * weights.length);
    this.#from.set(from);
    this.#to.set(to);
    this.#weights.set(weights);
  }
}

/** A graph from its edges, in any order and direction; an edge that comes again adds its weight. */
export function createGraph(size: number, edges: EdgeList, loops = new Float64Array(size)): Graph {
  const offsets = new Int32Array(size + 1);
  edges.forEach((from, to) => {
    if (from === to) return;
    offsets[from + 1] = (offsets[from + 1] as number) + 1;
    offsets[to + 1] = (offsets[to + 1] as number) + 1;
  });
  for (let node = 0; node < size; node++) offsets[node + 1] = (offsets[node + 1] as number) + (offsets[node] as number);
  const targets = new Int32Array(offsets[size] as number);
  const weights = new Float64Array(targets.length);
  const next = offsets.slice(0, size);
  const put = (from: number, to: number, weight: number) => {
    const at = next[from] as number;
    next[from] = at + 1;
    targets[at] = to;
    weights[at] = weight;
  };
  edges.forEach((from, to, weight) => {
    if (from === to) return;
    put(from, to, weight);
    put(to, from, weight);
  });
  return { size, ...orderRows(offsets, targets, weights), loops };
}

/** Sorts the targets of every row and adds up those that stand there twice. */
function orderRows(offsets: Int32Array, targets: Int32Array, weights: Float64Array) {
  const ends = new Int32Array(offsets.length);
  let end = 0;
  for (let row = 0; row + 1 < offsets.length; row++) {
    const [from, to] = [offsets[row] as number, offsets[row + 1] as number];
    const order = Array.from({ length: to - from }, (_, at) => ({
      target: targets[from + at] as number,
      weight: weights[from + at] as number,
    })).sort((left, right) => left.target - right.target);
    const start = end;
    for (const { target, weight } of order) {
      if (end > start && targets[end - 1] === target) weights[end - 1] = (weights[end - 1] as number) + weight;
      else {
        targets[end] = target;
        weights[end++] = weight;
      }
    }
    ends[row + 1] = end;
  }
  return { offsets: ends, targets: targets.slice(0, end), weights: weights.slice(0, end) };
}

/** The weighted degree of every node, loops counted twice; what stands in its place where that is given. */
export function degreesOf({ size, offsets, weights, loops, degrees: given }: Graph): Float64Array {
  if (given !== undefined) return Float64Array.from(given);
  const degrees = new Float64Array(size);
  for (let node = 0; node < size; node++) {
    let sum = 2 * (loops[node] as number);
    for (let at = offsets[node] as number; at < (offsets[node + 1] as number); at++) sum += weights[at] as number;
    degrees[node] = sum;
  }
  return degrees;
}
