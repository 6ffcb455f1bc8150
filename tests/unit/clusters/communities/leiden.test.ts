import { expect, test } from 'vitest';
import { aggregate } from '../../../../src/clusters/communities/aggregate.ts';
import { adjustedRand } from '../../../../src/clusters/communities/agreement.ts';
import { connectedParts } from '../../../../src/clusters/communities/connected-parts.ts';
import { createGraph, degreesOf, type Edge, EdgeList, type Graph } from '../../../../src/clusters/communities/graph.ts';
import { findCommunities } from '../../../../src/clusters/communities/leiden.ts';
import { membersOf } from '../../../../src/clusters/communities/partition.ts';
import { createRandom } from '../../../../src/learning/random.ts';

/** Cliques of `size` in a ring, each joined to the next by one edge. */
function ring(cliques: number, size: number): Graph {
  const edges: Edge[] = [];
  for (let clique = 0; clique < cliques; clique++) {
    const first = clique * size;
    for (let one = 0; one < size; one++)
      for (let other = one + 1; other < size; other++) edges.push({ from: first + one, to: first + other, weight: 1 });
    edges.push({ from: first, to: ((clique + 1) % cliques) * size + 1, weight: 1 });
  }
  return createGraph(cliques * size, EdgeList.of(edges));
}

/** Nodes in equal groups; edges within come with one chance and across with another. */
function planted(groups: number, size: number, within: number, across: number, seed: number) {
  const random = createRandom(seed);
  const labels = Array.from({ length: groups * size }, (_, node) => node % groups);
  const edges: Edge[] = [];
  for (let from = 0; from < labels.length; from++)
    for (let to = from + 1; to < labels.length; to++)
      if (random() < (labels[from] === labels[to] ? within : across)) edges.push({ from, to, weight: 1 });
  return { labels, graph: createGraph(labels.length, EdgeList.of(edges)) };
}

const total = (graph: Graph) => degreesOf(graph).reduce((sum, degree) => sum + degree, 0);

test('every clique of a ring is a community', () => {
  const groups = findCommunities(ring(12, 6), { resolution: 1, seed: 1 });
  expect(membersOf(groups)).toEqual(
    Array.from({ length: 12 }, (_, at) => Array.from({ length: 6 }, (_, one) => at * 6 + one)),
  );
});

test('planted groups are found', () => {
  for (const seed of [1, 2, 3]) {
    const { labels, graph } = planted(8, 30, 0.4, 0.02, seed);
    expect(adjustedRand(findCommunities(graph, { resolution: 1, seed }), labels)).toBeGreaterThan(0.97);
  }
});

test('the same seed gives the same communities, and all of them hang together', () => {
  const { graph } = planted(12, 20, 0.2, 0.05, 5);
  for (const resolution of [0.5, 1, 3, 8]) {
    const groups = findCommunities(graph, { resolution, seed: 3 });
    expect(findCommunities(graph, { resolution, seed: 3 })).toEqual(groups);
    expect(connectedParts(graph, groups)).toEqual(groups);
  }
});

test('a higher resolution gives more communities', () => {
  const { graph } = planted(12, 20, 0.2, 0.05, 5);
  const counts = [0.5, 2, 8].map((resolution) => new Set(findCommunities(graph, { resolution, seed: 3 })).size);
  expect(counts).toEqual([...counts].sort((left, right) => left - right));
  expect(counts[2]).toBeGreaterThan((counts[0] ?? 0) + 3);
});

test('nodes that must keep apart never share a community', () => {
  const graph = ring(3, 6);
  // The first clique is to be parted: two of its nodes against two others.
  const apart = Array.from({ length: 18 }, (_, node) =>
    node < 2 ? new Set([0]) : node < 4 ? new Set([1]) : undefined,
  );
  for (const seed of [1, 2, 3, 4]) {
    const groups = findCommunities(graph, { resolution: 0.5, seed, apart });
    expect(groups[0]).not.toBe(groups[2]);
    expect(groups[0]).not.toBe(groups[3]);
    expect(groups[1]).not.toBe(groups[2]);
  }
});

test('communities that are good stay where they begin', () => {
  const { graph, labels } = planted(8, 30, 0.4, 0.02, 1);
  const groups = findCommunities(graph, { resolution: 1, seed: 9, start: Int32Array.from(labels) });
  expect(adjustedRand(groups, labels)).toBe(1);
});

test('a graph without edges, and none', () => {
  expect([...findCommunities(createGraph(3, new EdgeList()), { resolution: 1, seed: 1 })]).toEqual([0, 1, 2]);
  expect(findCommunities(createGraph(0, new EdgeList()), { resolution: 1, seed: 1 })).toHaveLength(0);
});

test('joining nodes keeps all weight', () => {
  const { graph } = planted(6, 10, 0.5, 0.1, 2);
  const groups = Int32Array.from({ length: graph.size }, (_, node) => node % 7);
  const joined = aggregate(graph, groups, 7);
  expect(joined.size).toBe(7);
  expect(total(joined)).toBeCloseTo(total(graph), 9);
  expect(total(aggregate(joined, Int32Array.from([0, 0, 0, 1, 1, 1, 1]), 2))).toBeCloseTo(total(graph), 9);
});

test('an edge that is given twice adds its weight, in either direction', () => {
  const graph = createGraph(
    2,
    EdgeList.of([
      { from: 0, to: 1, weight: 1 },
      { from: 1, to: 0, weight: 2 },
    ]),
  );
  expect([...degreesOf(graph)]).toEqual([3, 3]);
});
