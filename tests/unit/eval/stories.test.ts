import path from 'node:path';
import { expect, test } from 'vitest';
import { DATA_FOLDER } from '../../../src/context.ts';
import { foundAfter, replayBursts, scoreStories, trueBursts } from '../../../src/eval/story-scores.ts';
import { readStories, type StoryItem } from '../../../src/eval/story-set.ts';

const MINUTE = 60_000;
const item = (at: number, story: string | undefined, customer = `c${at}`): StoryItem => ({
  id: `i${at}`,
  ts: at * MINUTE,
  customer_id: customer,
  lang: 'en',
  text: `text ${at}`,
  story,
});

/** Six people within an hour, then one more a day later, and two strangers. */
const ITEMS = [
  ...[0, 5, 10, 15, 20, 25].map((minute) => item(minute, 'fault')),
  item(30, undefined),
  item(40, undefined),
  item(1_500, 'fault'),
];

test('a perfect division has full marks', () => {
  const clusters = ITEMS.map(({ story }) => story);
  const bursts = replayBursts(ITEMS, clusters);
  expect(scoreStories(ITEMS, { clusters, bursts, found: foundAfter(ITEMS, clusters) })).toEqual({
    mean_story_recall: 1,
    mean_story_precision: 1,
    items_until_found: 3,
    bursts_found: 1,
    burst_delay_minutes: 20,
    false_bursts: 0,
  });
});

test('items that are left out cost recall, strangers cost precision', () => {
  const clusters = ['x', 'x', 'x', 'x', undefined, undefined, 'x', undefined, undefined];
  const scores = scoreStories(ITEMS, { clusters, bursts: [], found: new Map() });
  expect(scores).toMatchObject({ items_until_found: null, bursts_found: 0, burst_delay_minutes: null });
  expect(scores.mean_story_recall).toBeCloseTo(4 / 7);
  expect(scores.mean_story_precision).toBeCloseTo(4 / 5);
});

test('one person is no burst, and an alert for a story that has none is false', () => {
  const same = [0, 5, 10, 15, 20].map((minute) => item(minute, 'fault', 'c-1'));
  expect(trueBursts(same, 'fault')).toEqual([]);
  const burst = { startedAt: 0, openedAt: 0, peak: 5, expected: 0 };
  const clusters = same.map(() => 'x');
  const bursts = [{ cluster: 'x', event: { kind: 'opened', at: 0, burst } as const }];
  expect(scoreStories(same, { clusters, bursts, found: new Map() })).toMatchObject({
    false_bursts: 1,
    bursts_found: 0,
  });
});

test('a burst goes on while five within an hour go on, and a second one is a second one', () => {
  const long = Array.from({ length: 20 }, (_, at) => item(at * 10, 'fault'));
  const again = Array.from({ length: 5 }, (_, at) => item(2_000 + at, 'fault'));
  const bursts = trueBursts([...long, ...again], 'fault');
  expect(bursts.map(({ startedAt }) => startedAt / MINUTE)).toEqual([0, 2_000]);
});

test('the shipped stories are readable, in order, in both languages', async () => {
  const items = await readStories(path.join(DATA_FOLDER, 'eval', 'dev', 'stories.jsonl'));
  expect(items.length).toBeGreaterThanOrEqual(300);
  expect(items.map(({ ts }) => ts)).toEqual(items.map(({ ts }) => ts).sort((left, right) => left - right));
  const stories = new Set(items.flatMap(({ story }) => story ?? []));
  expect(stories.size).toBeGreaterThanOrEqual(12);
  for (const story of stories)
    expect(new Set(items.filter((one) => one.story === story).map(({ lang }) => lang))).toEqual(new Set(['zh', 'en']));
});
