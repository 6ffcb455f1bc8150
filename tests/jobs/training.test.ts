import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Context } from '../../src/context.ts';
import { createApp } from '../../src/http/app.ts';
import type { JobQueue } from '../../src/jobs/queue.ts';
import { startJobs } from '../../src/jobs/runner.ts';
import { TASKS, type Task } from '../../src/jobs/tasks.ts';
import { train } from '../../src/jobs/train.ts';
import { type TrainingState, trainingStateSchema } from '../../src/jobs/training-state.ts';
import { HeadInForce } from '../../src/learning/head-in-force.ts';
import { listVersions } from '../../src/learning/model-versions.ts';
import { isTrainingDue } from '../../src/learning/retrain.ts';
import { findRun, HEAD_RUN, holdRun } from '../../src/learning/training-run.ts';
import { PolicyInForce } from '../../src/policies/policy-in-force.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { createHeldEncoder, type HeldEncoder } from '../_util/held-encoder.ts';
import { expectProblem } from '../_util/problem.ts';

const never = new AbortController().signal;
const PATH = '/v1/models/training';

describeOnEngines('a training', (engine) => {
  let service: TestService;
  let held: HeldEncoder;
  /** The service's, with few enough examples that a training takes a moment. */
  let context: Context;
  beforeEach(async () => {
    held = createHeldEncoder();
    service = await openTestService({ engine, encoder: held.encoder });
    context = withFewSeeds(service.context);
  }, OPEN_TIMEOUT_MS);
  afterEach(async () => {
    held.release();
    await service[Symbol.asyncDispose]();
  });

  /** A service of its own on the same database. */
  const openReplica = async (tasks?: Parameters<typeof startJobs>[1]) => {
    const { head, version } = service.context.learned;
    const own = { ...context, learned: new HeadInForce({ head, version, trained: false }) };
    const jobs = await startJobs(own, tasks);
    return { ...clientOf(own, jobs), context: own, jobs, [Symbol.asyncDispose]: () => jobs[Symbol.asyncDispose]() };
  };
  const countEvents = async (action: string) => {
    const rows = await service.database.kysely.selectFrom('audit').select('seq').where('action', '=', action).execute();
    return rows.length;
  };

  test('tells how far it is on every replica, and one that is asked for meanwhile joins it', async () => {
    await using one = await openReplica();
    await using other = await openReplica();
    expect(await one.state()).toMatchObject({ status: 'idle', progress: null, asked_by: null });
    held.hold();
    expect(await one.demand()).toMatchObject({ queued: 'model.train', training: { status: 'waiting' } });
    await held.untilWaiting(1);
    for (const replica of [one, other])
      expect(await replica.state()).toMatchObject({
        status: 'running',
        stopping: false,
        started_at: expect.any(String),
        asked_by: { kind: 'local' },
      });
    expect(await other.demand()).toMatchObject({ queued: null, training: { status: 'running' } });
    // What has begun on the other replica all the same ends at once.
    await train(other.context, { only_when_due: false }, never);
    expect(await listVersions(service.database.kysely)).toEqual([]);
    held.release();
    const steps = new Set<number>();
    for (let state = await other.state(); state.status !== 'idle'; state = await other.state()) {
      steps.add(state.progress?.done ?? 0);
      await sleep(50);
    }
    expect(await listVersions(service.database.kysely)).toHaveLength(1);
    expect(await countEvents('model.trained')).toBe(1);
    expect(await countEvents('model.training_asked')).toBe(1);
    expect([...steps]).toEqual([...steps].sort((left, right) => left - right));
  });

  test('knows no correction that came after its beginning: a demand then is served by another that follows it', async () => {
    await using one = await openReplica();
    await using other = await openReplica();
    const ids = [await submitOne(service, '提现没到账'), await submitOne(service, 'The chart is frozen')];
    held.hold();
    await one.demand();
    await held.untilWaiting(1);
    for (const id of ids) await confirm(service, id);
    expect(await other.demand()).toMatchObject({
      queued: 'model.train',
      training: { status: 'running', followed: true },
    });
    expect(await one.demand()).toMatchObject({ queued: null, training: { status: 'running', followed: true } });
    held.release();
    while ((await one.state()).status !== 'idle') await sleep(50);
    const [newest] = await listVersions(service.database.kysely);
    expect(Number(newest?.corrections) + Number(newest?.report.held_out)).toBe(2);
    expect(await countEvents('model.trained')).toBe(2);
    expect(await countEvents('model.training_asked')).toBe(2);
  });

  test('is stopped from another replica, keeps nothing, and does not begin again by itself', async () => {
    await using one = await openReplica();
    await using other = await openReplica();
    held.hold();
    await one.demand();
    await held.untilWaiting(1);
    const answer = await other.stop();
    expect(answer.status).toBe(202);
    expect(trainingStateSchema.parse(await answer.json())).toMatchObject({ status: 'running', stopping: true });
    while ((await other.state()).status !== 'idle') await sleep(50);
    held.release();
    expect(await listVersions(service.database.kysely)).toEqual([]);
    expect(await countEvents('model.training_stopped')).toBe(1);
    const { rows } = await sql<{ state: string }>`
      select state::text from pgboss.job where name = 'model.train' and state in ('created', 'retry')`.execute(
      service.database.kysely,
    );
    expect(rows).toEqual([]);
    const due = { ...context, config: { ...context.config, TRAIN_AFTER_CORRECTIONS: 1 } };
    expect(await isTrainingDue(due)).toBe(false);
    await correctOne(service);
    expect(await isTrainingDue(due)).toBe(true);
    await expectProblem(await other.stop(), { status: 404, code: 'not_found' });
  });

  test('is taken out of the queue while it waits', async () => {
    let begun = () => {};
    const isBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    let end = () => {};
    const isEnded = new Promise<void>((resolve) => {
      end = resolve;
    });
    const busy: Task = {
      ...TASKS['model.train'],
      run: async () => {
        begun();
        await isEnded;
      },
    };
    await using replica = await openReplica({ ...TASKS, 'model.train': busy });
    await replica.demand();
    await isBegun;
    await replica.demand();
    expect(await replica.state()).toMatchObject({ status: 'waiting', asked_by: { kind: 'local' } });
    expect(trainingStateSchema.parse(await (await replica.stop()).json()).status).toBe('idle');
    expect(await replica.state()).toMatchObject({ status: 'idle' });
    end();
  });

  test('of a replica that was killed is taken over when it was not heard of for a minute', async () => {
    const { kysely } = service.database;
    const stop = new AbortController();
    const hold = (work: (signal: AbortSignal) => Promise<void>) =>
      holdRun(
        kysely,
        { subject: HEAD_RUN, askedBy: { kind: 'local' }, logger: context.logger, signal: stop.signal },
        ({ signal }) => work(signal),
      );
    const silent = hold(untilAborted);
    const lost = expect(silent).rejects.toThrow('another replica has taken this run over');
    while ((await findRun(kysely, HEAD_RUN)) === undefined) await sleep(10);
    const age = (seconds: number) =>
      sql`
      update setting set updated_at = clock_timestamp() - make_interval(secs => ${seconds})
      where name = 'training:head'`.execute(kysely);
    await age(30);
    await train(context, { only_when_due: false }, never);
    expect(await listVersions(kysely)).toEqual([]);
    // The one that is thought dead may renew it between the two statements.
    let kind = 'elsewhere';
    while (kind === 'elsewhere') {
      await age(61);
      kind = (await hold(async () => undefined)).kind;
    }
    await lost;
    await train(context, { only_when_due: false }, never);
    expect(await listVersions(kysely)).toHaveLength(1);
    expect(await findRun(kysely, HEAD_RUN)).toBeUndefined();
  });

  test('that two ask for at the same moment is one', async () => {
    held.hold();
    const both = [train(context, { only_when_due: false }, never), train(context, { only_when_due: false }, never)];
    // Whoever comes second ends at once.
    await Promise.race(both);
    held.release();
    await Promise.all(both);
    expect(await countEvents('model.trained')).toBe(1);
  });
});

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}

function withFewSeeds(context: Context): Context {
  const { policy } = context;
  const seeds = policy.taxonomy.types.flatMap(({ key }) =>
    policy.seeds.filter(({ type }) => type === key).slice(0, 12),
  );
  return { ...context, policy: new PolicyInForce({ ...policy.current, seeds }) };
}

async function correctOne(service: TestService): Promise<void> {
  await confirm(service, await submitOne(service, '提现没到账'));
}

async function submitOne(service: TestService, text: string): Promise<string> {
  return ((await (await service.post('/v1/feedback', { text })).json()) as { id: string }).id;
}

async function confirm(service: TestService, id: string): Promise<void> {
  expect((await service.post(`/v1/feedback/${id}/corrections`, { confirm: true })).status).toBe(201);
}

function clientOf(context: Context, jobs: JobQueue) {
  const app = createApp(context, jobs);
  const request = async (method: string, path: string) =>
    await app.request(path, { method, headers: { host: 'localhost' } });
  return {
    stop: () => request('DELETE', PATH),
    state: async (): Promise<TrainingState> => trainingStateSchema.parse(await (await request('GET', PATH)).json()),
    demand: async () => {
      const response = await request('POST', '/v1/models/train');
      expect(response.status).toBe(202);
      return (await response.json()) as { queued: string | null; training: TrainingState };
    },
  };
}
