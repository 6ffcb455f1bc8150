import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expireKeys } from '../../src/intake/expire-keys.ts';
import { type JobRunner, startJobs } from '../../src/jobs/runner.ts';
import { listTasks, TASKS } from '../../src/jobs/tasks.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';

const LIFETIME_S = 48 * 3_600;
const NOW = Date.parse('2026-11-05T12:00:00Z');

test('every task takes an empty payload, what its schedule gives, and nothing unknown', () => {
  expect(listTasks()).toEqual([
    'clusters.detect_bursts',
    'clusters.recluster',
    'clusters.refresh',
    'deadlines.sweep',
    'feedback.find_forgotten',
    'feedback.follow_up',
    'feedback.reembed',
    'idempotency.expire',
    'model.train',
    'replies.acknowledge',
    'replies.deliver',
    'replies.learn',
    'replies.polish',
    'replies.sweep',
    'routing.assign',
    'taxonomy.train',
  ]);
  for (const { payload, schedule } of Object.values(TASKS)) {
    expect(payload.safeParse({}).success).toBe(true);
    expect(payload.safeParse(schedule?.data ?? {}).success).toBe(true);
    expect(payload.safeParse({ extra: 1 }).success).toBe(false);
  }
});

describeOnEngines('jobs', (engine) => {
  let service: TestService;
  beforeAll(async () => {
    service = await openTestService({ engine, now: () => new Date(NOW) });
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  const insertKeys = async () => {
    const ages = {
      fresh: 0,
      kept: LIFETIME_S - 600,
      old: LIFETIME_S + 1,
      ancient: 10 * LIFETIME_S,
    };
    const rows = Object.entries(ages).map(([key, age]) => ({
      scope: 'local',
      key,
      request_hash: 'x',
      status: key === 'ancient' ? null : 201,
      response: key === 'ancient' ? null : '{}',
      created_at: sql<Date>`now() - make_interval(secs => ${age})`,
    }));
    await service.database.kysely.insertInto('idempotency').values(rows).execute();
  };
  const listKeys = async () => {
    const rows = await service.database.kysely.selectFrom('idempotency').select('key').orderBy('key').execute();
    return rows.map(({ key }) => key);
  };

  test('keys are forgotten after 48 hours, not before; a second run does no harm', async () => {
    await insertKeys();
    for (let run = 0; run < 2; run++) {
      await expireKeys(service.context);
      expect(await listKeys()).toEqual(['fresh', 'kept']);
    }
    await service.database.kysely.deleteFrom('idempotency').execute();
  });

  test('a job that is asked for runs; those that wait are asked for once; a stop leaves the database usable', async () => {
    await insertKeys();
    let runner: JobRunner | undefined = await startJobs(service.context);
    await Promise.all(Array.from({ length: 5 }, () => runner?.enqueue('idempotency.expire')));
    while ((await listKeys()).length > 2) await sleep(50);
    await runner[Symbol.asyncDispose]();
    runner = undefined;
    const { rows } = await sql<{ count: string }>`
      select count(*) as count from pgboss.job where name = 'idempotency.expire'`.execute(service.database.kysely);
    expect(Number(rows[0]?.count)).toBeLessThan(5);
    expect((await service.post('/v1/feedback', { text: 'still here' })).status).toBe(201);
  });

  test('a job whose process was killed is missed after minutes, also in a queue of an earlier release', async () => {
    const db = service.database.kysely;
    await sql`update pgboss.queue set heartbeat_seconds = null`.execute(db);
    await using _jobs = await startJobs(service.context);
    const { rows } = await sql<{ name: string }>`
      select name from pgboss.queue where heartbeat_seconds between 120 and 300`.execute(db);
    expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(listTasks()));
  });

  test('the schedule is kept with the jobs', async () => {
    await using _jobs = await startJobs(service.context);
    const { rows } = await sql<{
      name: string;
      cron: string;
    }>`select name, cron from pgboss.schedule order by name`.execute(service.database.kysely);
    expect(rows).toEqual([
      { name: 'clusters.detect_bursts', cron: '* * * * *' },
      { name: 'clusters.recluster', cron: '41 * * * *' },
      { name: 'clusters.refresh', cron: '* * * * *' },
      { name: 'deadlines.sweep', cron: '* * * * *' },
      { name: 'feedback.find_forgotten', cron: '7 * * * *' },
      { name: 'feedback.follow_up', cron: '*/5 * * * *' },
      { name: 'idempotency.expire', cron: '17 * * * *' },
      { name: 'model.train', cron: '*/10 * * * *' },
      { name: 'replies.acknowledge', cron: '* * * * *' },
      { name: 'replies.learn', cron: '*/10 * * * *' },
      { name: 'replies.sweep', cron: '*/5 * * * *' },
      { name: 'routing.assign', cron: '* * * * *' },
      { name: 'taxonomy.train', cron: '*/10 * * * *' },
    ]);
  });
});
