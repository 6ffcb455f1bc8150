import { expect, test } from 'vitest';
import { BurstDetector, type BurstState } from '../../../../src/clusters/trend/burst.ts';
import { RateBaseline } from '../../../../src/clusters/trend/rate-baseline.ts';
import { createRandom } from '../../../../src/learning/random.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 8, 7, 10);

const kinds = (detector: BurstDetector, arrivals: readonly (readonly [at: number, customer: string])[]) =>
  arrivals.map(([at, customer]) => detector.observe(at, customer).map(({ kind }) => kind));

test('the fifth person within an hour opens a burst', () => {
  const detector = new BurstDetector();
  const arrivals = ['a', 'b', 'c', 'd', 'e'].map((customer, at) => [START + at * 10 * MINUTE, customer] as const);
  expect(kinds(detector, arrivals)).toEqual([[], [], [], [], ['opened']]);
  expect(detector.burst).toMatchObject({ startedAt: START, openedAt: START + 40 * MINUTE, peak: 5 });
});

test('a burst that runs over the hour of the clock is measured by what was usual before it', () => {
  const people = (from: number) =>
    ['a', 'b', 'c', 'd', 'e'].map((customer, at) => [from + at * 14 * MINUTE, customer] as const);
  for (let into = 0; into < 60; into += 5) {
    const detector = new BurstDetector();
    expect(kinds(detector, people(START + into * MINUTE))).toEqual([[], [], [], [], ['opened']]);
    expect(detector.burst?.expected).toBeLessThan(0.5);
  }
});

test('who is known to have been silent needs no time to be learned', () => {
  const crowd = Array.from({ length: 8 }, (_, at) => [START + at * MINUTE, `p${at}`] as const);
  const known = new BurstDetector({ since: START - 4 * DAY, warmUpHours: 72 });
  expect(kinds(known, crowd).flat()).toEqual(['opened']);
  expect(known.since).toBe(START - 4 * DAY);
  const unknown = new BurstDetector({ warmUpHours: 72 });
  expect(kinds(unknown, crowd).flat()).toEqual([]);
  expect(unknown.since).toBe(START);
  unknown.advance(START + 5 * HOUR);
  expect(unknown.since).toBe(START);
});

test('one person who writes many times is one, and five over a day are no burst', () => {
  const detector = new BurstDetector();
  const repeated = Array.from({ length: 50 }, (_, at) => [START + at * MINUTE, at % 2 === 0 ? 'a' : 'b'] as const);
  expect(kinds(detector, repeated).flat()).toEqual([]);
  const slow = ['a', 'b', 'c', 'd', 'e'].map((customer, at) => [START + DAY + at * 4 * HOUR, customer] as const);
  expect(kinds(detector, slow).flat()).toEqual([]);
});

test('closes by itself when nobody writes any more, and may open again', () => {
  const detector = new BurstDetector();
  for (let person = 0; person < 8; person++) detector.observe(START + person * MINUTE, `p${person}`);
  expect(detector.advance(START + 30 * MINUTE)).toEqual([]);
  expect(detector.advance(START + 2 * HOUR)).toMatchObject([{ kind: 'closed', burst: { peak: 8 } }]);
  expect(detector.burst).toBeUndefined();
  const again = Array.from({ length: 12 }, (_, person) => [START + 2 * DAY + person * MINUTE, `q${person}`] as const);
  expect(kinds(detector, again).flat()).toEqual(['opened']);
});

test('goes on from what was stored as if it had never stopped', () => {
  const random = createRandom(4);
  const arrivals = Array.from(
    { length: 600 },
    (_, at) => [START + at * 13 * MINUTE, `p${Math.floor(random() * 900)}`] as const,
  );
  const burst = Array.from({ length: 20 }, (_, at) => [START + 600 * 13 * MINUTE + at * MINUTE, `q${at}`] as const);
  const whole = new BurstDetector();
  let state: BurstState | undefined;
  for (const [at, customer] of [...arrivals, ...burst]) {
    const part = new BurstDetector({ state });
    expect(part.observe(at, customer)).toEqual(whole.observe(at, customer));
    state = JSON.parse(JSON.stringify(part));
  }
  expect(state).toEqual(JSON.parse(JSON.stringify(whole)));
  expect(whole.burst).toBeDefined();
});

/** People of every hour: many by day and few by night. */
function dayAndNight(detector: BurstDetector, days: number, perHour: (hour: number) => number): string[] {
  const told: string[] = [];
  for (let hour = 0; hour < days * 24; hour++) {
    const people = perHour(hour % 24);
    for (let one = 0; one < people; one++)
      told.push(
        ...detector.observe(START + hour * HOUR + (one * HOUR) / people, `${hour} ${one}`).map(({ kind }) => kind),
      );
  }
  return told;
}

test('what is usual at an hour is no burst at that hour, and is one at night', () => {
  const detector = new BurstDetector({ warmUpHours: 168 });
  const busy = (hour: number) => (hour < 8 ? 25 : 2);
  expect(dayAndNight(detector, 28, busy)).toEqual([]);
  const quiet = START + 28 * DAY + 10 * HOUR;
  const crowd = Array.from({ length: 25 }, (_, one) => [quiet + one * MINUTE, `night ${one}`] as const);
  expect(kinds(detector, crowd).flat()).toEqual(['opened']);
});

test('a burst does not become what is usual', () => {
  const calm = new RateBaseline();
  const shaken = new RateBaseline();
  for (let hour = 0; hour < 14 * 24; hour++) {
    calm.learn(START + hour * HOUR, 3);
    shaken.learn(START + hour * HOUR, hour > 300 && hour < 306 ? 400 : 3);
  }
  const at = START + 14 * DAY;
  expect(shaken.expected(at)).toBeLessThan(2 * calm.expected(at));
  expect(calm.expected(at)).toBeCloseTo(3, 0);
});

test('follows a level that has changed for good within two weeks', () => {
  const baseline = new RateBaseline();
  for (let hour = 0; hour < 28 * 24; hour++) baseline.learn(START + hour * HOUR, hour < 14 * 24 ? 4 : 12);
  expect(baseline.expected(START + 28 * DAY)).toBeGreaterThan(9);
});
