import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROJECT_ROOT } from '../../../src/config.ts';
import { isAppError } from '../../../src/errors.ts';
import {
  checkTransition,
  deriveMove,
  deriveStep,
  isOpen,
  type LifeFacts,
  listNext,
  STATUSES,
  type Status,
} from '../../../src/triage/lifecycle.ts';

const T0 = new Date('2026-11-02T08:00:00Z');
const T1 = new Date('2026-11-02T10:00:00Z');
const item = (status: Status, more: Partial<LifeFacts> = {}): LifeFacts => ({
  status,
  pauses: [],
  first_responded_at: null,
  resolved_at: null,
  reopened: 0,
  ...more,
});

describe('the life of an item', () => {
  test('goes from receipt to closing by the steps of the policy', () => {
    const way = STATUSES.slice(1).map((to, at) => [STATUSES[at], to] as const);
    for (const [from, to] of way) {
      const movers = (['person', 'machine'] as const).filter((mover) => from && listNext(from, mover).includes(to));
      expect(movers, `${from} to ${to}`).not.toEqual([]);
    }
  });

  test.each(['resolved', 'followed_up', 'closed'] as const)('is reopened from %s by customer and person', (from) => {
    expect(listNext(from, 'customer')).toEqual(['assigned']);
    expect(listNext(from, 'person')).toContain('assigned');
    expect(listNext(from, 'machine')).not.toContain('assigned');
  });

  test('every status is either open or done, and none is a dead end for people', () => {
    for (const status of STATUSES.slice(2)) expect(listNext(status, 'person'), status).not.toEqual([]);
    expect(STATUSES.filter((status) => !isOpen(status))).toEqual(['resolved', 'followed_up', 'closed']);
  });

  test('a forbidden step names the ones that are possible', () => {
    const attempt = () => checkTransition('assigned', 'closed', 'person');
    expect(attempt).toThrowError(/`in_progress`, `replied`, `waiting_for_customer`, `resolved`/u);
    try {
      attempt();
    } catch (error) {
      expect(isAppError(error, 'transition_not_allowed')).toBe(true);
    }
  });

  test('the clock stands while the customer is waited for, and the first reply is kept', () => {
    const waiting = deriveStep(item('assigned'), 'waiting_for_customer', T0);
    expect(waiting).toMatchObject({ pauses: [{ from: T0.toISOString(), to: null }], first_responded_at: T0 });
    const back = deriveStep({ ...item('replied'), ...waiting }, 'in_progress', T1);
    expect(back).toMatchObject({
      pauses: [{ from: T0.toISOString(), to: T1.toISOString() }],
      first_responded_at: T0,
    });
  });

  test('a clock that was set back never ends a pause before it began', () => {
    const waiting = deriveStep(item('replied'), 'waiting_for_customer', T1);
    expect(deriveStep({ ...item('replied'), ...waiting }, 'in_progress', T0).pauses).toEqual([
      { from: T1.toISOString(), to: T1.toISOString() },
    ]);
  });

  test('reopening takes the solution back and counts', () => {
    expect(deriveStep(item('closed', { reopened: 1 }), 'assigned', T1)).toMatchObject({
      status: 'assigned',
      resolved_at: null,
      closed_at: null,
      resolution: null,
      satisfaction: null,
      reopened: 2,
    });
  });

  test('the clock stood while it seemed solved', () => {
    const before = { from: '2026-11-01T08:00:00.000Z', to: '2026-11-01T09:00:00.000Z' };
    const solved = item('resolved', { pauses: [before], resolved_at: T0 });
    expect(deriveStep(solved, 'assigned', T1).pauses).toEqual([
      before,
      { from: T0.toISOString(), to: T1.toISOString() },
    ]);
    expect(deriveStep({ ...solved, resolved_at: T1 }, 'assigned', T0).pauses).toEqual([before]);
  });

  test('the steps in docs/lifecycle.md are those of the table', async () => {
    const page = await readFile(path.join(PROJECT_ROOT, 'docs/lifecycle.md'), 'utf8');
    const rows = STATUSES.flatMap((from) =>
      STATUSES.map((to) => ({
        from,
        to,
        by: (['person', 'machine', 'customer'] as const).filter((mover) => listNext(from, mover).includes(to)),
      })),
    ).filter(({ by }) => by.length > 0);
    const lines = rows.map(({ from, to, by }) => `| \`${from}\` | \`${to}\` | ${by.join(', ')} |`);
    const written = /<!-- transitions:[\s\S]*?\|---\|---\|---\|\n([\s\S]*?)\n\n<!-- end of transitions -->/u.exec(
      page,
    )?.[1];
    expect(written?.split('\n')).toEqual(lines);
  });

  test('a message moves an item only by a step that its sender may make', () => {
    for (const from of STATUSES) {
      const moves = [
        ['inbound', 'customer'],
        ['outbound', 'person'],
      ] as const;
      for (const [direction, mover] of moves) {
        const to = deriveMove(from, direction);
        if (to !== undefined) expect(listNext(from, mover), `${from}, ${direction}`).toContain(to);
      }
    }
  });
});
