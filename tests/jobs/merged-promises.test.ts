import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sweepDeadlines } from '../../src/feedback/sweep-deadlines.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { Items } from '../_util/items.ts';

const HOUR_MS = 3_600_000;
/** A Monday, 10:00 in Shanghai. */
const START = Date.parse('2026-11-02T02:00:00Z');
const never = new AbortController().signal;
/** P1: answered within 1 h, solved within 24 h, round the clock. */
const STOLEN = '我的账户被盗了，刚刚有人提走了12000 USDT';

describeOnEngines('what merged items were promised', (engine) => {
  let service: TestService;
  let items: Items;
  let clock = START;
  beforeAll(async () => {
    service = await openTestService({ engine, now: () => new Date(clock) });
    items = new Items(service);
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());
  beforeEach(() => {
    clock = START;
  });

  const submitAt = async (hours: number) => {
    clock = START + hours * HOUR_MS;
    return await items.submit(STOLEN);
  };
  const merge = (item: string, into: string) => items.done(item, 'merge', { into, reason: '同一件事' });
  const dues = async (id: string) => {
    const { first_response_due_at, resolve_due_at } = await items.look(id);
    const hours = (time: string | null) => (time === null ? null : (Date.parse(time) - START) / HOUR_MS);
    return { first: hours(first_response_due_at), solved: hours(resolve_due_at) };
  };

  test('the target keeps the earlier promise, and has its own again when they are separated', async () => {
    const older = await submitAt(0);
    const younger = await submitAt(10);
    expect(await dues(younger)).toEqual({ first: 11, solved: 34 });
    await merge(older, younger);
    expect(await dues(younger)).toEqual({ first: 1, solved: 24 });
    // What is counted anew keeps it too.
    await items.done(younger, 'corrections', { type: 'technical_issue' });
    expect(await dues(younger)).toEqual({ first: 1, solved: 24 });
    await items.done(older, 'unmerge', { reason: '是两件事' });
    expect(await dues(younger)).toEqual({ first: 11, solved: 34 });
    expect(await dues(older)).toEqual({ first: 1, solved: 24 });
  });

  test('a younger item changes nothing, and one that was answered is owed its solution only', async () => {
    const older = await submitAt(0);
    const younger = await submitAt(10);
    await merge(younger, older);
    expect(await dues(older)).toEqual({ first: 1, solved: 24 });
    const third = await submitAt(12);
    await items.done(older, 'transitions', { to: 'replied' });
    await merge(older, third);
    expect(await dues(third)).toEqual({ first: 11, solved: 24 });
  });

  test('the promise goes along the way of merges, and stands while the one that speaks waits', async () => {
    const first = await submitAt(0);
    const second = await submitAt(2);
    const third = await submitAt(4);
    await merge(first, second);
    await merge(second, third);
    expect(await dues(third)).toEqual({ first: 1, solved: 24 });
    await items.done(third, 'transitions', { to: 'waiting_for_customer' });
    expect((await dues(third)).solved).toBeNull();
    clock = START + 9 * HOUR_MS;
    await items.done(third, 'transitions', { to: 'in_progress' });
    expect((await dues(third)).solved).toBe(29);
    await items.done(second, 'unmerge', { reason: '是两件事' });
    expect([(await dues(third)).solved, (await dues(second)).solved]).toEqual([33, 24]);
  });

  test('the sweep tells of the earlier promise, and of an item that was merged while its own ran out', async () => {
    const older = await submitAt(0);
    const younger = await submitAt(0.5);
    await merge(older, younger);
    clock = START + 1.1 * HOUR_MS;
    await sweepDeadlines(service.context, never);
    const told = (await items.audit(younger)).filter(({ action }) => action === 'deadline.breached');
    expect(told.map(({ change }) => change)).toMatchObject([
      { deadline: 'first_response', due_at: new Date(START + HOUR_MS).toISOString() },
    ]);
    expect(await items.actions(older)).not.toContain('deadline.breached');
    await items.done(older, 'unmerge', { reason: '是两件事' });
    await sweepDeadlines(service.context, never);
    expect(await items.actions(older)).toContain('deadline.breached');
  });
});
