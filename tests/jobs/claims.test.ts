import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/db/connect.ts';
import { isAppError } from '../../src/errors.ts';
import { assignWaiting } from '../../src/routing/assign-waiting.ts';
import { claimItem, claimNext } from '../../src/routing/claim.ts';
import { addAgent } from '../_util/agents.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { OPEN_TIMEOUT_MS, quiet } from '../_util/db.ts';
import { feedbackRow } from '../db/rows.ts';

/** `CLAIM_ITEMS=10000 npx vitest run tests/jobs/claims.test.ts` for the whole storm. */
const ITEMS = Number(process.env.CLAIM_ITEMS ?? 1_000);
const CLAIMERS = 12;
const CONNECTIONS = String(CLAIMERS + 2);
const TIMEOUT_MS = 60_000 + ITEMS * 60;
const ROWS_PER_INSERT = 500;
const ACTOR = { kind: 'local' } as const;

describe.runIf(process.env.TEST_DATABASE_URL)('many claims at once on PostgreSQL', () => {
  let service: TestService;
  const ids: string[] = [];
  beforeAll(async () => {
    service = await openTestService({ engine: 'postgres', settings: { DATABASE_POOL_SIZE: CONNECTIONS } });
    for (let at = 0; at < ITEMS; at += ROWS_PER_INSERT) {
      const rows = Array.from({ length: Math.min(ROWS_PER_INSERT, ITEMS - at) }, (_, n) =>
        feedbackRow({ priority: `P${1 + (n % 4)}`, channel: 'chat', metadata: '{}', customer_facts: '{}' }),
      );
      ids.push(...rows.map(({ id }) => id));
      await service.database.kysely.insertInto('feedback').values(rows).execute();
    }
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  /** Takes the next item until there is none: how many. Nothing to take may mean that others hold the last ones. */
  const takeAll = async (agent: string): Promise<number> => {
    for (let taken = 0; ; taken++) {
      const item = await claimNext(service.context, 'payments', { agent }, { actor: ACTOR, person: 'next' });
      if (item === undefined) return taken;
    }
  };
  /** Claims some items by their names; what somebody has is left to them. */
  const takeByName = async (agent: string): Promise<void> => {
    for (const id of ids.filter((_, at) => at % 10 === 0).reverse()) {
      const claim = { to: agent, takeOver: false, reason: null, person: 'named' };
      await claimItem(service.context, id, claim, { actor: ACTOR }).catch((error: unknown) => {
        if (!isAppError(error, 'conflict')) throw error;
      });
    }
  };

  it('every item is assigned once, by whichever way it went', { timeout: TIMEOUT_MS }, async () => {
    const agents = [];
    for (let at = 0; at < CLAIMERS; at++) agents.push(await addAgent(service, `claimer ${at}`, { capacity: 200 }));
    await using other = await openDatabase({ config: service.context.config, logger: quiet });
    const jobs = async () => {
      while (await assignWaiting({ ...service.context, database: other }, AbortSignal.timeout(TIMEOUT_MS)));
    };
    const [first = '', second = '', ...others] = agents.map(({ id }) => id);
    const [taken] = await Promise.all([
      Promise.all(others.map(takeAll)),
      Promise.all([first, second].map(takeByName)),
      jobs(),
    ]);
    const { kysely } = service.database;
    const audits = await kysely
      .selectFrom('audit')
      .select(['subject_id', 'change'])
      .where('action', '=', 'feedback.assigned')
      .execute();
    expect([audits.length, new Set(audits.map(({ subject_id }) => subject_id)).size]).toEqual([ITEMS, ITEMS]);
    const byNext = audits.filter(({ change }) => change.by === 'next').length;
    expect(byNext).toBe(taken.reduce((sum, count) => sum + count, 0));
    const rows = await kysely.selectFrom('feedback').select(['id', 'assignee', 'version']).execute();
    const given = new Map(audits.map(({ subject_id, change }) => [subject_id, change.to]));
    expect(rows.filter(({ id, assignee, version }) => assignee !== given.get(id) || version !== 2)).toEqual([]);
  });
});
