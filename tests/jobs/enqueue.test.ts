import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../src/http/app.ts';
import { type JobRunner, startJobs } from '../../src/jobs/runner.ts';
import { TASKS, type Task } from '../../src/jobs/tasks.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { SHOP } from '../_util/taxonomy.ts';

const idle: Task['run'] = async () => undefined;

describeOnEngines('work that is asked for in a transaction', (engine) => {
  let service: TestService;
  let jobs: JobRunner;
  beforeAll(async () => {
    service = await openTestService({ engine, settings: { TRAIN_AFTER_CORRECTIONS: '1' } });
    const tasks = {
      ...TASKS,
      'model.train': { ...TASKS['model.train'], run: idle },
      'taxonomy.train': { ...TASKS['taxonomy.train'], run: idle },
    };
    jobs = await startJobs(service.context, tasks);
    await sql`create function refuse() returns trigger language plpgsql as
      $$ begin raise exception 'refused' using errcode = '53100'; end $$`.execute(service.database.kysely);
  }, OPEN_TIMEOUT_MS);
  afterAll(async () => {
    await jobs[Symbol.asyncDispose]();
    await service[Symbol.asyncDispose]();
  });

  const send = async (method: string, path: string, body?: unknown) =>
    await createApp(service.context, jobs).request(path, {
      method,
      headers: { host: 'localhost', 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const countJobs = async (name: string) => {
    const { rows } = await sql`select id from pgboss.job where name = ${name}`.execute(service.database.kysely);
    return rows.length;
  };
  const store = async () => {
    const answer = await send('POST', '/v1/feedback', { text: '提现没到账' });
    return ((await answer.json()) as { id: string }).id;
  };
  const audited = async (action: string) => {
    const { kysely } = service.database;
    return (await kysely.selectFrom('audit').select('seq').where('action', '=', action).execute()).length;
  };
  /** While the work goes on, rows of this table cannot be kept: at once, or not before the commit. */
  const refusing = async (table: string, when: 'at once' | 'at commit', work: () => Promise<void>) => {
    const { kysely } = service.database;
    const kind = when === 'at once' ? 'trigger refusal before insert' : 'constraint trigger refusal after insert';
    const late = when === 'at once' ? '' : 'deferrable initially deferred';
    await sql.raw(`create ${kind} on ${table} ${late} for each row execute function refuse()`).execute(kysely);
    try {
      await work();
    } finally {
      await sql.raw(`drop trigger refusal on ${table}`).execute(kysely);
    }
  };

  const asks = [
    {
      what: 'a definition',
      job: 'taxonomy.train',
      table: 'taxonomy',
      ask: () => send('PUT', '/v1/taxonomies/shop', { labels: SHOP }),
      kept: async () => (await service.database.kysely.selectFrom('taxonomy').select('name').execute()).length,
    },
    {
      what: 'a demand for a training',
      job: 'model.train',
      table: 'audit',
      ask: () => send('POST', '/v1/models/train'),
      kept: () => audited('model.training_asked'),
    },
    {
      what: 'a correction that makes a training due',
      job: 'model.train',
      table: 'correction',
      ask: async () => {
        const [row] = await service.database.kysely.selectFrom('feedback').select('id').execute();
        return await send('POST', `/v1/feedback/${row?.id ?? (await store())}/corrections`, { confirm: true });
      },
      kept: () => audited('feedback.corrected'),
    },
  ] as const;

  test.each(asks)('$what is kept with its job, or neither is', async ({ job, table, ask, kept }) => {
    await store();
    const before = { jobs: await countJobs(job), kept: await kept() };
    const now = async () => ({ jobs: await countJobs(job), kept: await kept() });
    await refusing('pgboss.job', 'at once', async () => {
      expect((await ask()).status).toBe(507);
    });
    expect(await now()).toEqual(before);
    await refusing(table, 'at commit', async () => {
      expect((await ask()).status).toBe(507);
    });
    expect(await now()).toEqual(before);
    expect((await ask()).status).toBeLessThan(300);
    expect(await now()).toEqual({ jobs: before.jobs + 1, kept: before.kept + 1 });
  });
});
