import type { Hono } from 'hono';
import { pino } from 'pino';
import { ArrivalDesk } from '../../src/clusters/arrival/arrival-desk.ts';
import { MatterSpace } from '../../src/clusters/matter-space.ts';
import { type Context, DATA_FOLDER, SEED_VECTORS } from '../../src/context.ts';
import type { Database } from '../../src/db/connect.ts';
import type { Encoder } from '../../src/embedding/encoder.ts';
import { createFakeEncoder } from '../../src/embedding/fake.ts';
import { createApp } from '../../src/http/app.ts';
import type { HttpEnv } from '../../src/http/env.ts';
import type { JobQueue } from '../../src/jobs/queue.ts';
import type { TaskName } from '../../src/jobs/tasks.ts';
import { Knowledge } from '../../src/knowledge/knowledge.ts';
import { Head } from '../../src/learning/head.ts';
import { HeadInForce } from '../../src/learning/head-in-force.ts';
import type { LoadedHead } from '../../src/learning/load-head.ts';
import { Precedents } from '../../src/learning/precedents.ts';
import { type TrainingExample, type TrainSettings, trainHead } from '../../src/learning/train.ts';
import { registerShippedPolicies } from '../../src/policies/adopt.ts';
import { PolicyInForce } from '../../src/policies/policy-in-force.ts';
import { loadPolicy, type Policy } from '../../src/policy.ts';
import { Segmenter } from '../../src/text/segment.ts';
import { readDocument } from '../../src/triage/document.ts';
import { openVault } from '../../src/vault.ts';
import { type Engine, openTestDatabase, type Settings, type TestDatabase } from './db.ts';
import { createIdleQueue } from './jobs.ts';

export const TEST_VAULT_KEY = '5e'.repeat(32);
/** Labelled examples of each type that the head of tests learns from: enough to answer, few enough for 0.5 s. */
const SEEDS_PER_TYPE = 12;

/** A context on a real database and the app on it; the encoder is the fake one unless another is given. */
export interface TestService extends AsyncDisposable {
  readonly context: Context;
  readonly database: Database;
  readonly app: Hono<HttpEnv>;
  /** Every log line so far, at the lowest level, errors with all that they carry. */
  readonly logged: string[];
  /** Jobs that were asked for; a test that wants them run does it. */
  readonly enqueued: readonly TaskName[];
  /** Sends a request as from this machine: with `Host: localhost`, which `Request` does not add by itself. */
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Posts a value as JSON, or a string as it is. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  put(path: string, body: unknown): Promise<Response>;
}

export interface TestServiceOptions {
  readonly engine?: Engine;
  readonly settings?: Settings;
  readonly encoder?: Encoder;
  readonly now?: () => Date;
  /** A database of the test's own, in place of a fresh one. */
  readonly opened?: TestDatabase;
  /** In place of one that only remembers what it is asked for. */
  readonly jobs?: JobQueue;
}

export async function openTestService(options: TestServiceOptions = {}): Promise<TestService> {
  const { engine: kind = 'pglite', settings = {}, encoder = createFakeEncoder(), now = () => new Date() } = options;
  const [opened, parts] = await Promise.all([
    options.opened ?? openTestDatabase(kind, { VAULT_KEY: TEST_VAULT_KEY, ...settings }),
    testLearning(),
  ]);
  const logged: string[] = [];
  const logger = pino({ level: 'trace' }, { write: (line: string) => logged.push(line) });
  const { database, config } = opened;
  const vault = await openVault(config);
  const { learned: first, policy: shipped, ...same } = parts;
  const learned = new HeadInForce(first);
  const precedents = new Precedents();
  const matters = new MatterSpace(shipped.concepts);
  const engine = {
    ...same,
    learned,
    precedents,
    policy: new PolicyInForce(shipped),
    matters,
    config,
    logger,
    encoder,
    now,
  };
  const arrivals = new ArrivalDesk({ ...engine, database });
  const knowledge = new Knowledge({ ...engine, database, seedVectors: SEED_VECTORS });
  const dispose = async () => {
    await arrivals[Symbol.asyncDispose]();
    await opened[Symbol.asyncDispose]();
  };
  const context: Context = { ...engine, database, vault, arrivals, knowledge, [Symbol.asyncDispose]: dispose };
  await registerShippedPolicies(context);
  const idle = createIdleQueue();
  const app = createApp(context, options.jobs ?? idle);
  const request = async (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    if (!headers.has('host')) headers.set('host', 'localhost:8080');
    return await app.request(path, { ...init, headers });
  };
  const send = (method: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
    request(path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return {
    context,
    database,
    app,
    logged,
    enqueued: idle.enqueued,
    request,
    post: (path, body, headers) => send('POST', path, body, headers),
    put: (path, body) => send('PUT', path, body),
    [Symbol.asyncDispose]: dispose,
  };
}

/** What is the same in every context of a test file: the shipped policy and a head learned from a few of its seeds. */
export interface TestLearning {
  readonly policy: Policy;
  readonly segmenter: Segmenter;
  readonly learned: LoadedHead;
}

let learning: Promise<TestLearning> | undefined;

export function testLearning(): Promise<TestLearning> {
  learning ??= learn();
  return learning;
}

async function learn(): Promise<TestLearning> {
  const policy = await loadPolicy(DATA_FOLDER);
  const segmenter = new Segmenter(policy.words, policy.cues);
  const examples = await exampleRows(policy, segmenter, SEEDS_PER_TYPE);
  // No flag heads: learned from so few examples they would doubt what the rules see.
  const head = new Head(trainHead(examples, { ...trainSettings(policy), flags: [] }));
  return { policy, segmenter, learned: { head, version: 'test-head', trained: true } };
}

/** The first seeds of every type, half of them in each language, as the fake encoder sees them. */
export async function exampleRows(policy: Policy, segmenter: Segmenter, perType: number): Promise<TrainingExample[]> {
  await using encoder = createFakeEncoder();
  const seeds = policy.taxonomy.types.flatMap(({ key }) =>
    ['zh', 'en'].flatMap((lang) =>
      policy.seeds.filter((seed) => seed.type === key && seed.lang === lang).slice(0, perType / 2),
    ),
  );
  return await Promise.all(
    seeds.map(async ({ id, text, type, topics, risk_flags: flags }) => {
      const document = readDocument(segmenter, { text });
      const { vector } = await encoder.embed(document.masked.text);
      return { ...document, id, type, topics, flags, vector };
    }),
  );
}

export function trainSettings({ taxonomy }: Policy): TrainSettings {
  const keys = (labels: readonly { readonly key: string }[]) => labels.map(({ key }) => key);
  return {
    encoderHash: 'fake',
    types: keys(taxonomy.types),
    topics: keys(taxonomy.topics),
    flags: keys(taxonomy.risk_flags),
    seed: 7,
    targetError: 0.05,
  };
}
