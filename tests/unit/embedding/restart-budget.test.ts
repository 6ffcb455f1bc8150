import { expect, test } from 'vitest';
import { RestartBudget } from '../../../src/embedding/restart-budget.ts';

test('allows so many restarts in any window, and says how long to wait for the next', () => {
  let now = 1_000;
  const budget = new RestartBudget({ limit: 2, windowMs: 100, now: () => now });
  expect(budget.take()).toBe(true);
  now += 30;
  expect(budget.take()).toBe(true);
  expect(budget.take()).toBe(false);
  expect(budget.waitMs()).toBe(70);
  now += 70;
  expect(budget.waitMs()).toBe(0);
  expect(budget.take()).toBe(true);
  expect(budget.take()).toBe(false);
  expect(budget.total).toBe(3);
});

test('restarts that are given back count in the total only', () => {
  const budget = new RestartBudget({ limit: 2, windowMs: 100, now: () => 0 });
  budget.take();
  budget.take();
  budget.refund(2);
  expect(budget.waitMs()).toBe(0);
  expect([budget.take(), budget.take(), budget.take(), budget.total]).toEqual([true, true, false, 4]);
  budget.refund(0);
  expect(budget.take()).toBe(false);
});
