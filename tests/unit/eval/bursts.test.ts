import path from 'node:path';
import { expect, test } from 'vitest';
import { HOUR_MS } from '../../../src/clusters/trend/burst.ts';
import { DATA_FOLDER } from '../../../src/context.ts';
import { fixedThreshold, ownDetector, WARM_UP_HOURS } from '../../../src/eval/burst-detectors.ts';
import { type CountStream, generateStream, readNabStreams, STEP_MS } from '../../../src/eval/burst-streams.ts';
import { replay } from '../../../src/eval/bursts.ts';

const SHAPE = { name: 'test', rate: 4, hours: 8 * 168, drift: 0.5, noise: 0.2, burstEvery: 100 };

test('generated bursts are found within the hour, with next to no false alarm', () => {
  const scores = replay(generateStream(SHAPE, 1), ownDetector());
  expect(scores.bursts).toBeGreaterThan(5);
  expect(scores.found_within_1h).toBe(scores.bursts);
  expect(scores.false_hour_share).toBeLessThan(0.005);
});

test('a quiet stream without bursts raises next to nothing', () => {
  const calm = { ...SHAPE, rate: 1, drift: 0, noise: 0, burstEvery: Number.POSITIVE_INFINITY };
  const { bursts, false_hour_share: share } = replay(generateStream(calm, 2), ownDetector());
  expect(bursts).toBe(0);
  expect(share).toBeLessThan(0.005);
});

test('the same seed generates the same stream', () => {
  expect(generateStream(SHAPE, 3)).toEqual(generateStream(SHAPE, 3));
  expect(generateStream(SHAPE, 3).counts).not.toEqual(generateStream(SHAPE, 4).counts);
});

test('delay counts from the begin of a burst, alarms outside are false', () => {
  const perHour = HOUR_MS / STEP_MS;
  const start = (WARM_UP_HOURS + 5) * perHour;
  const counts = new Array<number>((WARM_UP_HOURS + 100) * perHour).fill(0);
  counts.fill(3, start, start + perHour);
  counts.fill(9, start + 50 * perHour, start + 50 * perHour + 1);
  const window = { from: start * STEP_MS, to: (start + perHour) * STEP_MS };
  const stream: CountStream = { name: 'steps', startsAt: 0, counts, windows: [window] };
  const scores = replay(stream, fixedThreshold());
  expect(scores).toMatchObject({ bursts: 1, found: 1, delay_minutes: 5, false_alarms_per_1000h: 10 });
});

test('the series of tweets can be read', async () => {
  const streams = await readNabStreams(path.join(DATA_FOLDER, 'eval', 'nab_tweets'));
  expect(streams.map(({ name }) => name)).toHaveLength(4);
  for (const { counts, windows, startsAt } of streams) {
    expect(counts.length).toBeGreaterThan(15_000);
    expect(counts.every(Number.isFinite)).toBe(true);
    expect(windows.every(({ from, to }) => startsAt < from && from < to)).toBe(true);
  }
  await expect(readNabStreams('/nowhere')).rejects.toThrow(/windows\.json cannot be read/u);
});
