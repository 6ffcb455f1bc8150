import type { Graph } from './graph.ts';
import { GroupLinks } from './group-links.ts';
import { sumBy } from './move-nodes.ts';
import { membersOf } from './partition.ts';

/** The graph of groups: one node per group, `groups` numbered from 0 without gaps in the order in which they come. */
export function aggregate(graph: Graph, groups: Int32Array, count: number): Graph {
  // Every node is a group of its own, under its own number.
  if (count === graph.size) return graph;
  const offsets = new Int32Array(count + 1);
  const targets = new Int32Array(graph.targets.length);
  const weights = new Float64Array(graph.targets.length);
  const loops = new Float64Array(count);
  const links = new GroupLinks(count);
  let end = 0;
  for (const [group, members] of membersOf(groups).entries()) {
    for (const other of links.lookAll(graph, members, groups).toSorted((left, right) => left - right)) {
      if (other === group) continue;
      targets[end] = other;
      weights[end++] = links.to(other);
    }
    offsets[group + 1] = end;
    loops[group] = members.reduce((sum, node) => sum + (graph.loops[node] as number), links.to(group) / 2);
  }
  const degrees = graph.degrees && sumBy(groups, graph.degrees, count);
  return { size: count, offsets, targets: targets.slice(0, end), weights: weights.slice(0, end), loops, degrees };
}
