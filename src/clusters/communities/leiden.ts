import { createRandom } from '../../learning/random.ts';
import { aggregate } from './aggregate.ts';
import { joinSides, type Sides } from './apart.ts';
import { connectedParts } from './connected-parts.ts';
import type { Graph } from './graph.ts';
import { type MoveRules, moveNodes } from './move-nodes.ts';
import { countGroups, renumber } from './partition.ts';
import { refine } from './refine.ts';

const MAX_LEVELS = 32;

export interface LeidenOptions {
  /** Higher values give more and smaller communities; 1 is plain modularity. */
  readonly resolution: number;
  /** Order of looking at nodes; the same seed gives the same communities. */
  readonly seed: number;
  /** Where each node begins; alone when missing. Groups may have any numbers below the number of nodes. */
  readonly start?: Int32Array | undefined;
  /** Nodes that must not share a community; `start` has to keep to it. */
  readonly apart?: Sides | undefined;
}

/**
 * Communities by modularity with a resolution (Reichardt and Bornholdt, 2006), found by the Leiden algorithm (Traag,
 * Waltman and van Eck, "From Louvain to Leiden", 2019): every community is connected inside.
 *
 * @returns the community of every node, numbered from 0 in the order of first appearance
 */
export function findCommunities(graph: Graph, options: LeidenOptions): Int32Array {
  const random = createRandom(options.seed);
  const member: Int32Array = Int32Array.from({ length: graph.size }, (_, node) => node);
  let level = graph;
  let rules: MoveRules = { resolution: options.resolution, random, apart: options.apart };
  let groups: Int32Array = Int32Array.from(options.start ?? member);
  for (let round = 0; round < MAX_LEVELS; round++) {
    groups = moveNodes(level, groups, rules);
    if (countGroups(groups) === level.size) break;
    const parts = renumber(refine(level, groups, rules));
    const count = countGroups(parts);
    // Nothing was merged in this round: the groups are as good as they get.
    if (count === level.size) break;
    const next = new Int32Array(count);
    for (let node = 0; node < level.size; node++) next[parts[node] as number] = groups[node] as number;
    for (let node = 0; node < member.length; node++) member[node] = parts[member[node] as number] as number;
    rules = { ...rules, apart: rules.apart && joinSides(rules.apart, parts, count) };
    level = aggregate(level, parts, count);
    groups = renumber(next);
  }
  return connectedParts(
    graph,
    member.map((node) => groups[node] as number),
  );
}
