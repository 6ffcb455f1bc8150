import { expect, it } from 'vitest';
import { durationSchema, parseDuration, toWorkingMs } from '../../../src/triage/duration.ts';

const HOUR_MS = 3_600_000;

it.each([
  ['90m', 1.5],
  ['1h', 1],
  ['1h30m', 1.5],
  ['1.5h', 1.5],
  ['5d', 45],
  ['1d4h', 13],
  ['0.5d', 4.5],
  ['PT90M', 1.5],
  ['PT1H30M', 1.5],
  ['P5D', 45],
  ['P1DT4H', 13],
  ['PT3600S', 1],
])('%s is %s hours where a working day has nine', (text, hours) => {
  const duration = parseDuration(text) ?? { days: 0, ms: 0 };
  expect(toWorkingMs(duration, 9 * HOUR_MS)).toBe(hours * HOUR_MS);
});

it.each(['', '0h', '0d', 'P', 'PT', 'P1DT', '1w', 'P1W', 'P1M', 'P1Y', '-1h', '1 h', '1H', '4', 'h', '30m1h', '1e3h'])(
  '%j is refused with what is accepted',
  (text) => {
    expect(durationSchema.safeParse(text).error?.issues[0]?.message).toMatch(/^must be a duration above zero such as/u);
  },
);
