import { afterAll, beforeAll, expect, test } from 'vitest';
import { addAgent, addItem } from '../_util/agents.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { expectProblem } from '../_util/problem.ts';

const START = Date.parse('2026-11-02T08:00:00Z');
const HOUR_MS = 3_600_000;

describeOnEngines('the list of what is to be done', (engine) => {
  let service: TestService;
  let clock = START;
  let lin: string;
  let free: string, held: string, solved: string, asleep: string, merged: string, tired: string;
  beforeAll(async () => {
    service = await openTestService({ engine, now: () => new Date(clock) });
    ({ id: lin } = await addAgent(service, 'lin'));
    const later = { snoozed_until: new Date(clock + HOUR_MS), first_response_due_at: new Date(clock + 9 * HOUR_MS) };
    free = await addItem(service, '没人管', { queue: 'api' });
    held = await addItem(service, '有人管', { assignee: lin });
    solved = await addItem(service, '解决了', { queue: 'api', status: 'resolved', resolved_at: new Date(clock) });
    asleep = await addItem(service, '睡着', { queue: 'api', ...later });
    merged = await addItem(service, '并了', { merged_into: free });
    tired = await addItem(service, '有人，睡着', { assignee: lin, ...later });
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  const list = async (query: string) => {
    const answer = await service.request(`/v1/feedback?${query}`);
    const { items } = (await answer.json()) as { items: { id: string }[] };
    return items.map(({ id }) => id);
  };

  test('by agent, by queue, and what nobody has; newest first, what is asleep only when it is asked for', async () => {
    expect(await list(`assignee=${lin}`)).toEqual([held]);
    expect(await list(`assignee=${lin}&snoozed=true`)).toEqual([tired]);
    expect(await list('unassigned=true')).toEqual([free]);
    expect(await list('unassigned=true&snoozed=true')).toEqual([asleep]);
    expect(await list('unassigned=false')).toEqual([held]);
    expect(await list('queue=api')).toEqual([asleep, solved, free]);
    expect(await list('queue=api&unassigned=true')).toEqual([free]);
    expect(await list('snoozed=false')).toEqual([merged, solved, held, free]);
    expect(await list('queue=nowhere')).toEqual([]);
    clock += HOUR_MS;
    expect(await list('unassigned=true')).toEqual([asleep, free]);
    clock -= HOUR_MS;
  });

  test.each([
    ['assignee=lin', '/assignee'],
    ['assignee=', '/assignee'],
    ['queue=', '/queue'],
    ['unassigned=yes', '/unassigned'],
    ['snoozed=1', '/snoozed'],
  ])('%s is refused', async (query, pointer) => {
    const answer = await service.request(`/v1/feedback?${query}`);
    await expectProblem(answer, { status: 422, code: 'invalid_input', pointers: [pointer] });
  });
});
