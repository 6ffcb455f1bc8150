import fc from 'fast-check';
import { expect, test } from 'vitest';
import { minimize, type Objective } from '../../../src/learning/lbfgs.ts';

/** Rosenbrock's valley in any number of dimensions; its only minimum is at (1, 1, …). */
const rosenbrock: Objective = (point, gradient) => {
  gradient.fill(0);
  let value = 0;
  for (let at = 0; at + 1 < point.length; at++) {
    const [x = 0, y = 0] = point.subarray(at, at + 2);
    value += 100 * (y - x * x) ** 2 + (1 - x) ** 2;
    gradient[at] = (gradient[at] ?? 0) - 400 * x * (y - x * x) - 2 * (1 - x);
    gradient[at + 1] = (gradient[at + 1] ?? 0) + 200 * (y - x * x);
  }
  return value;
};

test.each([2, 5, 12])('finds the bottom of Rosenbrock’s valley in %i dimensions', (dimensions) => {
  const start = Float64Array.from({ length: dimensions }, (_, at) => (at % 2 ? 1 : -1.2));
  const found = minimize(rosenbrock, start, 2_000);
  for (const coordinate of found) expect(coordinate).toBeCloseTo(1, 4);
  expect(start[0]).toBe(-1.2);
});

test('finds the bottom of a bowl whose sides differ a million times in steepness', () => {
  const steepness = [1, 1e3, 1e6];
  const bowl: Objective = (point, gradient) => {
    let value = 0;
    point.forEach((coordinate, at) => {
      const offset = coordinate - at;
      gradient[at] = 2 * (steepness[at] ?? 0) * offset;
      value += (steepness[at] ?? 0) * offset ** 2;
    });
    return value;
  };
  const found = minimize(bowl, new Float64Array([5, -5, 50]), 500);
  found.forEach((coordinate, at) => {
    expect(coordinate).toBeCloseTo(at, 5);
  });
});

test('never ends higher than it began, whatever the steps allowed', () => {
  const coordinate = fc.double({ min: -3, max: 3, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(coordinate, { minLength: 2, maxLength: 6 }),
      fc.integer({ min: 0, max: 30 }),
      (from, steps) => {
        const start = Float64Array.from(from);
        const before = rosenbrock(start, new Float64Array(start.length));
        const after = rosenbrock(minimize(rosenbrock, start, steps), new Float64Array(start.length));
        expect(after).toBeLessThanOrEqual(before);
      },
    ),
    { numRuns: 200 },
  );
});

test('stays where there is nothing to gain', () => {
  const bottom = new Float64Array([1, 1, 1]);
  expect(minimize(rosenbrock, bottom)).toEqual(bottom);
});
