import { expect, test } from 'vitest';
import { centreByLanguage, languageMeans } from '../../../src/clusters/centre.ts';
import { adjustedRand } from '../../../src/clusters/communities/agreement.ts';
import { joinLanguages } from '../../../src/clusters/communities/join-languages.ts';
import { findCommunities } from '../../../src/clusters/communities/leiden.ts';
import { chooseResolution, graphNeighbours } from '../../../src/clusters/communities/resolution.ts';
import { shareNeighbours } from '../../../src/clusters/communities/shared-neighbours.ts';
import { countVoices, isHeard, textKey } from '../../../src/clusters/item.ts';
import { LexicalSpace, sparseDot } from '../../../src/clusters/neighbours/lexical.ts';
import { findMixedNeighbours, keepNeighbours } from '../../../src/clusters/neighbours/mixed-neighbours.ts';
import { readFeatures } from '../../../src/clusters/recluster/recluster.ts';
import { dotAt } from '../../../src/learning/dot.ts';
import { createRandom } from '../../../src/learning/random.ts';
import { mainLanguageOf } from '../../../src/text/main-language.ts';
import { direction, makeItem, reports } from './items.ts';

const cosine = (left: Float32Array | undefined, right: Float32Array | undefined) =>
  left === undefined || right === undefined ? Number.NaN : dotAt(left, 0, right);

test('without the mean of its language a report is nearer to its own matter than to its own language', () => {
  const items = [
    ...reports('deposit', 'my deposit is missing', '充值没有到账', 20),
    ...reports('chart', 'the chart is frozen', '行情图卡住了', 20),
  ];
  const find = (topic: string, language: string) =>
    items.findIndex((item) => item.id.startsWith(topic) && item.language === language);
  const [same, across, other] = [find('deposit', 'zh'), find('deposit', 'en'), find('chart', 'zh')];
  expect(cosine(items[same]?.vector, items[other]?.vector)).toBeGreaterThan(
    cosine(items[same]?.vector, items[across]?.vector),
  );
  const dense = centreByLanguage(items, languageMeans(items));
  expect(cosine(dense[same], dense[across])).toBeGreaterThan(cosine(dense[same], dense[other]) + 0.3);
});

test('a mean known beforehand counts for much among few messages and for little among many', () => {
  const known = { en: { vector: direction('known'), count: 500 } };
  const distance = (count: number) => {
    const means = languageMeans(
      Array.from({ length: count }, (_, at) => makeItem(`i${at}`, 'a text', 'topic')),
      known,
    );
    return Math.hypot(...(means.en?.vector ?? []).map((value, at) => value - (known.en.vector[at] ?? 0)));
  };
  expect(distance(0)).toBeCloseTo(0, 5);
  expect(distance(300)).toBeGreaterThan(5 * distance(3));
  expect(languageMeans([])).toEqual({});
});

test('words of one message alone count for nothing, shared ones the more the rarer they are', () => {
  const texts = ['payment failed polygon', 'payment slow polygon', 'payment failed again', 'payment unique'];
  const sources = texts.map((text, at) => makeItem(`${at}`, text, 't').source);
  const space = LexicalSpace.learn(sources);
  const [first, second, third, fourth] = sources.map((source) => space.vector(source));
  if (!first || !second || !third || !fourth) throw new Error('no vectors');
  expect(sparseDot(first, first)).toBeCloseTo(1, 5);
  expect(sparseDot(first, second)).toBeGreaterThan(sparseDot(second, third));
  expect(sparseDot(first, fourth)).toBe(sparseDot(fourth, first));
  expect(space.vector(makeItem('x', '完全不同', 't').source).indices).toHaveLength(0);
});

test('texts are the same but for case, spacing, marks and numbers', () => {
  const key = (text: string) => textKey(makeItem('a', text, 't'));
  expect(key('Order 123 FAILED!')).toBe(key('order  98 failed'));
  expect(key('order failed')).not.toBe(key('orders fail now'));
});

test('people are counted, and those whom nobody knows one by one', () => {
  const items = [makeItem('a', 'one', 't', 'x'), makeItem('b', 'two', 't', 'x'), makeItem('c', 'two', 't', undefined)];
  expect(countVoices([...items, { ...(items[2] ?? makeItem('d', 'two', 't')), customer: undefined }])).toEqual({
    customers: 3,
    texts: 2,
  });
  expect(isHeard(items)).toBe(false);
  expect(['zh', 'mixed', 'en', 'es', 'und'].map(mainLanguageOf)).toEqual(['zh', 'zh', 'en', 'en', 'en']);
});

test('communities of two languages are joined when they are nearest to each other, not when people forbid it', () => {
  const items = [
    ...reports('deposit', 'my deposit is missing', '充值没有到账', 12),
    ...reports('chart', 'the chart is frozen', '行情图卡住了', 12),
    ...reports('login', 'cannot sign in', '登录不了', 12).filter(({ language }) => language === 'zh'),
  ];
  const names = [...new Set(items.map(({ id, language }) => `${id.split('-')[0]} ${language}`))];
  const groups = Int32Array.from(items, ({ id, language }) => names.indexOf(`${id.split('-')[0]} ${language}`));
  const rows = readFeatures(items, languageMeans(items));
  const joined = joinLanguages(rows, groups, () => true);
  expect(
    adjustedRand(
      joined,
      items.map(({ id }) => id.split('-')[0] ?? ''),
    ),
  ).toBe(1);
  expect(joinLanguages(rows, groups, () => false)).toEqual(groups);
});

test('neighbours are of both languages, ordered by meaning and words', () => {
  const items = [
    ...reports('deposit', 'my deposit is missing', '充值没有到账', 12),
    ...reports('chart', 'the chart is frozen', '行情图卡住了', 30),
  ];
  const lists = findMixedNeighbours(readFeatures(items, languageMeans(items)), { seed: 1 });
  for (const [row, item] of items.entries()) {
    const near = [...lists.rows.subarray(row * lists.k, (row + 1) * lists.k)];
    const similarities = [...lists.similarities.subarray(row * lists.k, (row + 1) * lists.k)];
    expect(similarities).toEqual([...similarities].sort((left, right) => right - left));
    const first = near.slice(0, 8).map((other) => items[other]);
    expect(first.every((other) => other?.id.split('-')[0] === item.id.split('-')[0])).toBe(true);
    expect(new Set(near.map((other) => items[other]?.language)).size).toBe(2);
  }
});

test('few items have few neighbours, so that most of all are strangers', () => {
  expect([0, 20, 100, 400, 100_000].map(graphNeighbours)).toEqual([4, 4, 5, 10, 10]);
});

test('the resolution that is chosen finds the matters that there are, few or many', () => {
  const random = createRandom(3);
  const lists = (groups: number) => {
    const size = 1_200 / groups;
    const k = 32;
    const rows = new Int32Array(1_200 * k);
    for (let row = 0; row < 1_200; row++) {
      const group = Math.floor(row / size);
      const own = new Set<number>();
      while (own.size < k) {
        const other = random() < 0.9 ? group * size + Math.floor(random() * size) : Math.floor(random() * 1_200);
        if (other !== row) own.add(other);
      }
      rows.set([...own], row * k);
    }
    return { k, rows, similarities: new Float32Array(rows.length).fill(0.5) };
  };
  for (const groups of [4, 30]) {
    const given = lists(groups);
    const { resolution, scores } = chooseResolution(given, { seed: 1 });
    expect(scores.find((score) => score.resolution === resolution)?.stability).toBeGreaterThan(0.9);
    const every = Array.from({ length: 1_200 }, (_, row) => row);
    const found = findCommunities(shareNeighbours(keepNeighbours(given, every, graphNeighbours(1_200))), {
      resolution,
      seed: 1,
    });
    expect(
      adjustedRand(
        found,
        every.map((row) => Math.floor((row * groups) / 1_200)),
      ),
    ).toBeGreaterThan(0.95);
  }
  expect(
    chooseResolution({ k: 32, rows: new Int32Array(), similarities: new Float32Array() }, { seed: 1 }).resolution,
  ).toBeGreaterThan(0);
});
