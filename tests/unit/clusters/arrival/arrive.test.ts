import { expect, test } from 'vitest';
import { Arrivals } from '../../../../src/clusters/arrival/arrivals.ts';
import {
  type ArrivingItem,
  decideArrival,
  type MeanOf,
  type NearItem,
} from '../../../../src/clusters/arrival/arrive.ts';
import { languageMeans } from '../../../../src/clusters/centre.ts';
import type { ClusterItem } from '../../../../src/clusters/item.ts';
import { LexicalSpace } from '../../../../src/clusters/neighbours/lexical.ts';
import { makeItem, reports } from '../items.ts';

const WEEK = 7 * 86_400_000;

const near = (id: string, more: Partial<NearItem> = {}): NearItem => ({
  id,
  similarity: 0.6,
  cluster: undefined,
  customer: `c-${id}`,
  isRecent: false,
  text: `text ${id}`,
  ...more,
});
const arriving = (more: Partial<ArrivingItem>): ArrivingItem => ({
  customer: 'c-new',
  text: 'text new',
  nearest: [],
  centroids: [],
  ...more,
});
/** What is decided where the items held are as like to all others as `means` says of them. */
const decide = (item: ArrivingItem, means: Readonly<Record<string, ReturnType<MeanOf>>> = {}) =>
  decideArrival(item, (id) => means[id]);

test('joins the cluster that it is near to, as a whole and to a member', () => {
  const item = arriving({
    nearest: [near('a', { cluster: 'one' }), near('b', { cluster: 'two', similarity: 0.5 })],
    centroids: [
      { cluster: 'one', similarity: 0.4, isForeign: false },
      { cluster: 'two', similarity: 0.3, isForeign: false },
    ],
  });
  expect(decide(item)).toEqual({ kind: 'join', cluster: 'one', similarity: 0.4 });
});

test('one like-worded member does not open a cluster whose others are unlike it', () => {
  const centroids = [{ cluster: 'one', similarity: 0.05, isForeign: false }];
  expect(decide(arriving({ nearest: [near('a', { cluster: 'one' })], centroids }))).toEqual({ kind: 'single' });
});

test('of another language less likeness is enough', () => {
  const nearest = [near('a', { cluster: 'one', similarity: 0.22 })];
  const at = (isForeign: boolean) =>
    decide(arriving({ nearest, centroids: [{ cluster: 'one', similarity: 0.2, isForeign }] })).kind;
  expect([at(true), at(false)]).toEqual(['join', 'single']);
});

test('the third person begins a cluster with the first two', () => {
  expect(decide(arriving({ nearest: [near('a')] }))).toEqual({ kind: 'single' });
  expect(decide(arriving({ nearest: [near('a'), near('b')] }))).toEqual({ kind: 'begin', with: ['a', 'b'] });
  expect(decide(arriving({ nearest: [near('a'), near('b', { similarity: 0.2 })] }))).toEqual({ kind: 'single' });
});

test('within a day three others who are less alike are enough', () => {
  const others = (isRecent: boolean) => ['a', 'b', 'c'].map((id) => near(id, { similarity: 0.23, isRecent }));
  expect(decide(arriving({ nearest: others(true) }))).toEqual({ kind: 'begin', with: ['a', 'b', 'c'] });
  expect(decide(arriving({ nearest: others(false) })).kind).toBe('single');
  expect(decide(arriving({ nearest: others(true).slice(1) })).kind).toBe('single');
});

test('two others of the day are enough where a further one belongs to them', () => {
  const nearest = ['a', 'b', 'c', 'd'].map((id, at) => near(id, { similarity: at < 2 ? 0.22 : 0.15, isRecent: true }));
  const like = { similarity: 0.3, isForeign: false };
  const strange = { similarity: 0.1, isForeign: false };
  expect(decide(arriving({ nearest }), { c: like, d: strange })).toEqual({ kind: 'begin', with: ['a', 'b', 'c'] });
  expect(decide(arriving({ nearest }), { c: strange, d: strange }).kind).toBe('single');
  const old = nearest.map((one) => ({ ...one, isRecent: false }));
  expect(decide(arriving({ nearest: old }), { c: like, d: like }).kind).toBe('single');
  const mine = nearest.map((one) => ({ ...one, customer: 'c-new' }));
  expect(decide(arriving({ nearest: mine }), { c: like, d: like }).kind).toBe('single');
});

test('one in no cluster that is much nearer, and does not belong to the cluster, keeps it out', () => {
  const nearest = [near('a', { cluster: 'one', similarity: 0.3 }), near('rival', { similarity: 0.45 })];
  const centroids = [{ cluster: 'one', similarity: 0.25, isForeign: false }];
  const at = (similarity: number) =>
    decide(arriving({ nearest, centroids }), { rival: { similarity, isForeign: false } });
  expect(at(0.05).kind).toBe('single');
  expect(at(0.4).kind).toBe('join');
  const equal = nearest.map((one) => ({ ...one, similarity: 0.4 }));
  const rival = { similarity: 0.05, isForeign: false };
  expect(decide(arriving({ nearest: equal, centroids }), { rival }).kind).toBe('join');
});

test('one person, or one text, repeated is no cluster', () => {
  const mine = { customer: 'c-new' };
  expect(decide(arriving({ nearest: [near('a', mine), near('b', mine), near('c', mine)] })).kind).toBe('single');
  const same = { text: 'text new' };
  expect(decide(arriving({ nearest: [near('a', same), near('b', same), near('c', same)] })).kind).toBe('single');
  // Nobody knows who they are: each is somebody else.
  const unknown = { customer: undefined };
  expect(decide(arriving({ customer: undefined, nearest: [near('a', unknown), near('b', unknown)] })).kind).toBe(
    'begin',
  );
});

function feed(items: readonly ClusterItem[]): (string | undefined)[] {
  const space = LexicalSpace.learn(items.map(({ source }) => source));
  const arrivals = new Arrivals({ dimensions: items[0]?.vector.length ?? 0, prior: languageMeans(items), space });
  for (const [at, item] of items.entries()) arrivals.add(item, at * WEEK);
  return arrivals.clusters();
}

test('fed in order, two matters in two languages become two clusters and strangers none', () => {
  const one = reports('deposit', 'my deposit is missing', '充值没有到账', 12);
  const other = reports('chart', 'the chart is frozen', '行情图卡住了', 12);
  const strangers = ['how is the weather', '周末愉快', 'asdf'].map((text, at) =>
    makeItem(`s${at}`, text, `stranger ${at}`),
  );
  const items = one.flatMap((item, at) => [item, other[at] ?? item]).concat(strangers);
  const clusters = feed(items);
  const of = (topic: string) => new Set(clusters.filter((_, at) => items[at]?.id.startsWith(topic)));
  expect(of('deposit').size).toBe(1);
  expect(of('chart').size).toBe(1);
  expect([...of('deposit')]).not.toEqual([...of('chart')]);
  expect(of('s')).toEqual(new Set([undefined]));
});

test('a customer who writes ten times makes no cluster', () => {
  const items = reports('deposit', 'my deposit is missing', '充值没有到账', 10).map((item) => ({
    ...item,
    customer: 'c-1',
  }));
  expect(new Set(feed(items))).toEqual(new Set([undefined]));
});
