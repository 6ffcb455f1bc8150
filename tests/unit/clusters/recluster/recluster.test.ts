import { expect, test } from 'vitest';
import type { ClusterItem } from '../../../../src/clusters/item.ts';
import type { Constraint } from '../../../../src/clusters/recluster/constraints.ts';
import { type Reclustering, type ReclusterOptions, recluster } from '../../../../src/clusters/recluster/recluster.ts';
import { makeItem, reports } from '../items.ts';

function run(items: readonly ClusterItem[], options: Partial<ReclusterOptions> = {}): Reclustering {
  return recluster(items, { seed: 1, newId: (at) => `first ${at}`, ...options });
}

const later = (
  items: readonly ClusterItem[],
  before: readonly ClusterItem[],
  result: Reclustering,
  more: Partial<ReclusterOptions> = {},
) =>
  run(items, {
    known: new Map(before.map(({ id }, at) => [id, result.clusters[at]])),
    resolution: result.resolution,
    newId: (at) => `later ${at}`,
    ...more,
  });

const clusterOf = (items: readonly ClusterItem[], result: Reclustering, id: string) =>
  result.clusters[items.findIndex((item) => item.id === id)];

const TOPICS = [
  ['deposit', 'my deposit is missing', '充值没有到账'],
  ['login', 'cannot sign in to the account', '账户登录不了'],
  ['chart', 'the chart is frozen', '行情图卡住了'],
  ['fee', 'the fee was charged twice', '手续费扣了两次'],
] as const;
const world = (count: number, from = 0) => TOPICS.flatMap(([topic, en, zh]) => reports(topic, en, zh, count, from));

test('each matter is one cluster, in whatever language it is told', () => {
  const items = world(16);
  const { clusters } = run(items);
  for (const [at, { id }] of items.entries()) {
    const topic = id.split('-')[0];
    expect(clusters[at]).toBeDefined();
    expect(clusters[at]).toBe(clusterOf(items, { clusters } as Reclustering, `${topic}-0`));
  }
  expect(new Set(clusters).size).toBe(TOPICS.length);
  expect(run(items)).toEqual(run(items));
});

test('ids stay when more comes, and what is new gets a new one', () => {
  const items = world(16);
  const first = run(items);
  const more = [...items, ...world(3, 16), ...reports('spread', 'spreads are far too wide', '点差太大', 16)];
  const second = later(more, items, first);
  expect(second.clusters.slice(0, items.length)).toEqual(first.clusters);
  expect(clusterOf(more, second, 'spread-0')).toMatch(/^later/);
  expect(second.lineage.map(({ kind }) => kind).sort()).toEqual([
    'continued',
    'continued',
    'continued',
    'continued',
    'new',
  ]);
});

test('what people merged and split stays so through three runs', () => {
  const items = world(16);
  const first = run(items);
  const idsOf = (topic: string, from = 0, to = 16) =>
    Array.from({ length: to - from }, (_, at) => `${topic}-${from + at}`);
  const constraints: Constraint[] = [
    { id: 'merge', kind: 'together', items: [...idsOf('deposit'), ...idsOf('fee')] },
    { id: 'split', kind: 'apart', items: idsOf('login', 0, 8), from: idsOf('login', 8, 16) },
  ];
  let [held, result] = [items, first];
  for (let round = 0; round < 3; round++) {
    const more = [...held, ...world(4, 16 + 4 * round)];
    result = later(more, held, result, { constraints });
    held = more;
    expect(clusterOf(held, result, 'deposit-3')).toBeDefined();
    expect(new Set([...idsOf('deposit'), ...idsOf('fee')].map((id) => clusterOf(held, result, id))).size).toBe(1);
    const left = new Set(idsOf('login', 0, 8).map((id) => clusterOf(held, result, id)));
    const right = idsOf('login', 8, 16).map((id) => clusterOf(held, result, id));
    expect(right.some((cluster) => cluster !== undefined && left.has(cluster))).toBe(false);
    expect(result.contradictions).toEqual([]);
  }
});

test('nothing, one item, and two make no cluster', () => {
  expect(run([])).toMatchObject({ clusters: [], lineage: [], contradictions: [] });
  expect(run([makeItem('a', 'the app is slow', 'slow')]).clusters).toEqual([undefined]);
  expect(run(reports('slow', 'the app is slow', '应用很慢', 2)).clusters).toEqual([undefined, undefined]);
});

test('the same text ten thousand times is no cluster', () => {
  const one = makeItem('a', 'buy cheap followers now', 'spam');
  const items = Array.from({ length: 10_000 }, (_, at) => ({ ...one, id: `a${at}`, customer: `c${at}` }));
  expect(new Set(run(items).clusters)).toEqual(new Set([undefined]));
});

test('one customer who repeats himself in other words is no cluster', () => {
  const items = reports('slow', 'the app is slow', '应用很慢', 12).map((item) => ({ ...item, customer: 'c-1' }));
  expect(new Set(run(items).clusters)).toEqual(new Set([undefined]));
});

test('texts that have nothing in common make no cluster', () => {
  const items = Array.from({ length: 40 }, (_, at) =>
    makeItem(`i${at}`, `matter ${String.fromCodePoint(0x3b1 + at)}`, `topic ${at}`),
  );
  const { clusters } = run(items);
  expect(clusters.filter((cluster) => cluster !== undefined).length).toBeLessThanOrEqual(4);
});

test('items that were erased meanwhile leave the others where they are', () => {
  const items = world(16);
  const first = run(items);
  const left = items.filter((_, at) => at % 7 !== 0);
  const second = later(left, items, first);
  expect(second.clusters).toEqual(first.clusters.filter((_, at) => at % 7 !== 0));
});

test('stops when it is told to, and tells how far it is', () => {
  const told: number[] = [];
  run(world(8), { onProgress: (done, total) => told.push(done / total) });
  expect(told).toEqual([...told].sort((one, other) => one - other));
  expect(told.at(-1)).toBe(1);
  expect(() => run(world(8), { signal: AbortSignal.abort(new Error('shutdown')) })).toThrow('shutdown');
});

test('a cluster that people look after stays where its items make no community; another one ends', () => {
  const lone = ['a', 'b', 'c', 'd'].map((name) => makeItem(name, `${name} says it`, `topic ${name}`, 'one person'));
  const items = [...world(16), ...lone];
  const known = new Map(items.map(({ id }) => [id, lone.some((one) => one.id === id) ? 'own' : undefined]));
  const kept = run(items, { known, worked: new Set(['own']) });
  expect(kept.clusters.slice(-4)).toEqual(['own', 'own', 'own', 'own']);
  expect(kept.lineage).toContainEqual({ kind: 'continued', cluster: 'own' });
  const left = run(items, { known });
  expect(left.clusters.slice(-4)).toEqual([undefined, undefined, undefined, undefined]);
  expect(left.lineage).toContainEqual({ kind: 'gone', cluster: 'own' });
  expect(kept.clusters.slice(0, -4)).toEqual(left.clusters.slice(0, -4));
});
