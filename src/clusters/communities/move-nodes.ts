import { shuffle } from '../../learning/random.ts';
import { type Sides, SidesOfGroups } from './apart.ts';
import { degreesOf, type Graph } from './graph.ts';
import { GroupLinks } from './group-links.ts';

/** Gains below this are rounding. */
const EPSILON = 1e-12;

/** What a search for communities hangs on. */
export interface MoveRules {
  readonly resolution: number;
  readonly random: () => number;
  readonly apart?: Sides | undefined;
}

/** Moves nodes to the neighbouring group that gains most until none gains (section 2 of the Leiden paper). */
export function moveNodes(graph: Graph, start: Int32Array, rules: MoveRules): Int32Array {
  const state = new MovingNodes(graph, start, rules);
  const queue = Int32Array.from({ length: graph.size }, (_, node) => node);
  shuffle(queue, rules.random);
  const order = [...queue];
  const waiting = new Uint8Array(graph.size).fill(1);
  for (let head = 0; head < order.length; head++) {
    const node = order[head] as number;
    waiting[node] = 0;
    if (!state.improve(node)) continue;
    const own = state.groups[node];
    for (let at = graph.offsets[node] as number; at < (graph.offsets[node + 1] as number); at++) {
      const other = graph.targets[at] as number;
      if (waiting[other] === 1 || state.groups[other] === own) continue;
      waiting[other] = 1;
      order.push(other);
    }
  }
  return state.groups;
}

class MovingNodes {
  readonly groups: Int32Array;
  readonly #graph: Graph;
  readonly #degrees: Float64Array;
  readonly #totals: Float64Array;
  readonly #links: GroupLinks;
  readonly #sides: SidesOfGroups | undefined;
  readonly #scale: number;
  readonly #sizes: Int32Array;
  /** Groups without members, where a node may go to be alone. */
  readonly #empty: number[];

  constructor(graph: Graph, start: Int32Array, { resolution, apart }: MoveRules) {
    this.#graph = graph;
    this.groups = Int32Array.from(start);
    this.#degrees = degreesOf(graph);
    this.#totals = sumBy(this.groups, this.#degrees);
    this.#links = new GroupLinks(graph.size);
    this.#sides = apart && new SidesOfGroups(apart, this.groups);
    this.#scale = resolution / (this.#degrees.reduce((sum, degree) => sum + degree, 0) || 1);
    this.#sizes = new Int32Array(graph.size);
    for (const group of this.groups) this.#sizes[group] = (this.#sizes[group] as number) + 1;
    this.#empty = Array.from(this.#sizes.keys()).filter((group) => this.#sizes[group] === 0);
  }

  /** True when the node has gone to another group. */
  improve(node: number): boolean {
    const own = this.groups[node] as number;
    const degree = this.#degrees[node] as number;
    const near = this.#links.look(this.#graph, node, this.groups);
    this.#totals[own] = (this.#totals[own] as number) - degree;
    let best = own;
    let bestGain = this.#gain(own, degree);
    for (const group of near) {
      const gain = this.#gain(group, degree);
      if (gain <= bestGain + EPSILON || group === own || this.#sides?.allows(node, group) === false) continue;
      best = group;
      bestGain = gain;
    }
    if (bestGain < -EPSILON) best = this.#empty.pop() ?? best;
    this.#totals[best] = (this.#totals[best] as number) + degree;
    if (best === own) return false;
    this.#put(node, own, best);
    return true;
  }

  #put(node: number, from: number, to: number): void {
    this.groups[node] = to;
    this.#sides?.move(node, from, to);
    this.#sizes[to] = (this.#sizes[to] as number) + 1;
    this.#sizes[from] = (this.#sizes[from] as number) - 1;
    if (this.#sizes[from] === 0) this.#empty.push(from);
  }

  #gain(group: number, degree: number): number {
    return this.#links.to(group) - this.#scale * degree * (this.#totals[group] as number);
  }
}

/** Sums of values by group; at most as many groups as nodes. */
export function sumBy(groups: Int32Array, values: Float64Array, count = groups.length): Float64Array {
  const sums = new Float64Array(count);
  for (const [node, group] of groups.entries()) sums[group] = (sums[group] as number) + (values[node] as number);
  return sums;
}
