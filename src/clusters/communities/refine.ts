import { shuffle } from '../../learning/random.ts';
import { degreesOf, type Graph } from './graph.ts';
import { GroupLinks } from './group-links.ts';
import { type MoveRules, sumBy } from './move-nodes.ts';

/**
 * Splits every group into parts that hold together well: nodes begin alone and join a part of their own group that is,
 * like themselves, well connected with the rest of the group. Of several the one that gains most is taken, where the
 * paper draws one at random, so that the result hangs on the seed alone.
 */
export function refine(graph: Graph, groups: Int32Array, { resolution, random }: MoveRules): Int32Array {
  const parts = new Parts(graph, groups, resolution);
  const order = Int32Array.from({ length: graph.size }, (_, node) => node);
  shuffle(order, random);
  for (const node of order) parts.join(node);
  return parts.of;
}

class Parts {
  readonly of: Int32Array;
  readonly #graph: Graph;
  readonly #groups: Int32Array;
  readonly #groupTotals: Float64Array;
  readonly #degrees: Float64Array;
  readonly #totals: Float64Array;
  readonly #sizes: Int32Array;
  /** Weight between a part and the rest of its group. */
  readonly #cuts: Float64Array;
  readonly #links: GroupLinks;
  readonly #scale: number;

  constructor(graph: Graph, groups: Int32Array, resolution: number) {
    this.#graph = graph;
    this.#groups = groups;
    this.#degrees = degreesOf(graph);
    this.#groupTotals = sumBy(groups, this.#degrees);
    this.of = Int32Array.from({ length: graph.size }, (_, node) => node);
    this.#totals = Float64Array.from(this.#degrees);
    this.#sizes = new Int32Array(graph.size).fill(1);
    this.#cuts = cutsInside(graph, groups);
    this.#links = new GroupLinks(graph.size);
    this.#scale = resolution / (this.#degrees.reduce((sum, degree) => sum + degree, 0) || 1);
  }

  /** Lets a node that is still alone join the part of its group that gains most. */
  join(node: number): void {
    const group = this.#groups[node] as number;
    if (this.#sizes[node] !== 1 || this.of[node] !== node || !this.#holds(node, group)) return;
    const degree = this.#degrees[node] as number;
    let best = node;
    let bestGain = 0;
    for (const part of this.#links.look(this.#graph, node, this.of, this.#groups)) {
      const gain = this.#links.to(part) - this.#scale * degree * (this.#totals[part] as number);
      if (gain <= bestGain || !this.#holds(part, group)) continue;
      best = part;
      bestGain = gain;
    }
    if (best === node) return;
    this.of[node] = best;
    this.#sizes[best] = (this.#sizes[best] as number) + 1;
    this.#totals[best] = (this.#totals[best] as number) + degree;
    this.#cuts[best] = (this.#cuts[best] as number) + (this.#cuts[node] as number) - 2 * this.#links.to(best);
  }

  /** Whether a part is connected with the rest of its group as well as the resolution asks for. */
  #holds(part: number, group: number): boolean {
    const own = this.#totals[part] as number;
    return (this.#cuts[part] as number) >= this.#scale * own * ((this.#groupTotals[group] as number) - own);
  }
}

function cutsInside({ size, offsets, targets, weights }: Graph, groups: Int32Array): Float64Array {
  const cuts = new Float64Array(size);
  for (let node = 0; node < size; node++) {
    for (let at = offsets[node] as number; at < (offsets[node + 1] as number); at++) {
      if (groups[targets[at] as number] === groups[node]) cuts[node] = (cuts[node] as number) + (weights[at] as number);
    }
  }
  return cuts;
}
