import { expect, test } from 'vitest';
import { betaQuantile, countTail, incompleteBeta, logGamma } from '../../../../src/clusters/trend/distributions.ts';
import { compareRates } from '../../../../src/clusters/trend/growth.ts';
import { deriveImpact, type ImpactFacts } from '../../../../src/clusters/trend/impact.ts';
import { deriveTrend, weekdayShape } from '../../../../src/clusters/trend/trend.ts';

const EVEN = Array<number>(7).fill(1);
const days = (...parts: readonly (readonly [count: number, customers: number])[]) =>
  parts.flatMap(([count, customers]) => Array<number>(count).fill(customers));

test('distributions agree with known values', () => {
  expect(logGamma(6)).toBeCloseTo(Math.log(120), 10);
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 10);
  // Binomial sums: I_0.3(2, 4) = P(at least 2 of 5 at 0.3).
  expect(incompleteBeta(0.3, 2, 4)).toBeCloseTo(0.47178, 5);
  expect(betaQuantile(0.5, 3, 3)).toBeCloseTo(0.5, 9);
  expect(incompleteBeta(betaQuantile(0.05, 2.5, 7), 2.5, 7)).toBeCloseTo(0.05, 9);
  // Poisson: P(at least 5) with a mean of 1.
  expect(countTail(5, 1, 0)).toBeCloseTo(0.0036598, 5);
  // Geometric: mean 1, dispersion 1.
  expect(countTail(3, 1, 1)).toBeCloseTo(0.125, 10);
  expect([countTail(0, 1, 1), countTail(1, 0, 1)]).toEqual([1, 0]);
});

test('two after one is no doubling, two hundred after a hundred is', () => {
  const small = compareRates({ customers: 2, days: 7 }, { customers: 1, days: 7 });
  expect(small.low).toBeLessThan(0.5);
  expect(small.high).toBeGreaterThan(4);
  const large = compareRates({ customers: 200, days: 7 }, { customers: 100, days: 7 });
  expect(large.ratio).toBeCloseTo(2, 1);
  expect(large.low).toBeGreaterThan(1.5);
  expect(large.high).toBeLessThan(2.6);
});

test('states', () => {
  expect(deriveTrend([3, 4], 1, EVEN).state).toBe('new');
  expect(deriveTrend(days([28, 2], [7, 8]), 1, EVEN).state).toBe('rising');
  expect(deriveTrend(days([28, 8], [7, 2]), 1, EVEN).state).toBe('falling');
  expect(deriveTrend(days([28, 3], [7, 3]), 1, EVEN).state).toBe('steady');
  expect(deriveTrend(days([20, 3], [14, 0]), 1, EVEN).state).toBe('dormant');
  expect(deriveTrend([...days([27, 0]), 1, ...days([6, 0]), 2], 1, EVEN).state).toBe('steady');
});

test('recent and usual customers are told per week', () => {
  expect(deriveTrend(days([28, 2], [7, 8]), 1, EVEN)).toMatchObject({ recent: 56, usual: 14 });
});

test('one incident of the past does not make today look like a fall', () => {
  const daily = days([14, 2], [1, 300], [13, 2], [7, 2]);
  expect(deriveTrend(daily, 1, EVEN).state).toBe('steady');
});

test('a week that is half a weekend is compared with its like', () => {
  // Sundays have nobody; four weeks of five on other days. The last day is a Sunday.
  const history = Array.from({ length: 35 }, (_, at) => ({
    weekday: (at + 1) % 7,
    customers: (at + 1) % 7 === 0 ? 0 : 5,
  }));
  const shape = weekdayShape(history);
  expect(shape.reduce((sum, one) => sum + one, 0)).toBeCloseTo(7, 9);
  expect(shape[0]).toBeLessThan(0.7);
  expect(
    deriveTrend(
      history.map(({ customers }) => customers),
      0,
      shape,
    ).state,
  ).toBe('steady');
});

const FACTS: ImpactFacts = {
  customers: 20,
  priorities: { P2: 10, P3: 10 },
  money: 5_000,
  tierShare: 0.1,
  trend: { state: 'steady', low: 0.8 },
  ageDays: 10,
};

test('the parts of an impact make its score, and each part can only add', () => {
  const { score, parts } = deriveImpact(FACTS);
  expect(Object.values(parts).reduce((sum, one) => sum + one, 0)).toBeCloseTo(score, 9);
  const worse: Partial<ImpactFacts>[] = [
    { customers: 40 },
    { priorities: { P1: 10, P2: 10 } },
    { money: 50_000 },
    { tierShare: 0.5 },
    { trend: { state: 'rising', low: 3 } },
    { ageDays: 30 },
  ];
  for (const change of worse) expect(deriveImpact({ ...FACTS, ...change }).score).toBeGreaterThan(score);
});

test('an impact lies between nothing and a hundred', () => {
  const none = {
    customers: 0,
    priorities: {},
    money: 0,
    tierShare: 0,
    trend: { state: 'dormant', low: 0 },
    ageDays: 0,
  } as const;
  expect(deriveImpact(none).score).toBe(0);
  const all = {
    customers: 1e9,
    priorities: { P1: 5 },
    money: 1e12,
    tierShare: 1,
    trend: { state: 'rising', low: 1e6 },
    ageDays: 999,
  } as const;
  expect(deriveImpact(all).score).toBeCloseTo(100, 6);
});
