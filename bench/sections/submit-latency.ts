import { createTestPostgres } from '../../tests/_util/postgres.ts';
import type { Bench, Section } from '../bench.ts';
import { meanTokens, openCorpus } from '../corpus.ts';
import type { Measurement } from '../measurement.ts';
import { startRaw } from '../raw/start.ts';
import { runRounds } from '../rounds.ts';
import { sendLoad } from '../service/load.ts';
import { feedbackRequest } from '../service/requests.ts';
import { Service } from '../service/service.ts';
import { mean, median } from '../statistics.ts';

/** A median needs fewer texts than a throughput. */
const SHARE_OF_TEXTS = 0.25;
const TARGETS = { PGlite: 1.6, PostgreSQL: 1.8 } as const;

export const submitLatency: Section = {
  id: 'S3',
  how: 'One client sends `POST /v1/feedback` (with `external_id` and a customer) over one keep-alive connection, each after the answer to the last: validating, masking, embedding, deciding and storing in one transaction. The median time is divided by that of one single-threaded ONNX Runtime session that runs the ready-made token ids of the same texts one after the other, timed around the run alone. On PostgreSQL the database is one of its own on the server that was given, dropped afterwards.',
  async run(bench) {
    const dataDir = await bench.dataDir();
    const embedded = await measure(bench, 'PGlite', dataDir, {}, '');
    const { databaseUrl } = bench;
    if (databaseUrl === undefined) {
      const detail = 'no server was given: TEST_DATABASE_URL or --database-url';
      return [embedded, { ...describe('PostgreSQL'), values: [], detail }];
    }
    await using postgres = await createTestPostgres(databaseUrl);
    const [server] = await postgres.query<{ version: string; fsync: string }>(
      "select current_setting('server_version') as version, current_setting('fsync') as fsync",
    );
    const remark = `; server ${server?.version} with fsync ${server?.fsync}`;
    return [embedded, await measure(bench, 'PostgreSQL', dataDir, { DATABASE_URL: postgres.url }, remark)];
  },
};

async function measure(
  bench: Bench,
  engine: keyof typeof TARGETS,
  dataDir: string,
  settings: Record<string, string>,
  remark: string,
): Promise<Measurement> {
  const { signal } = bench;
  await using corpus = await openCorpus();
  await using raw = startRaw(1, signal);
  await using service = await Service.start({ bench, dataDir, settings });
  const rounds = await runRounds(bench, {
    label: `S3 ${engine}`,
    prepare: () => corpus.take(Math.ceil(bench.texts * SHARE_OF_TEXTS)),
    first: async (samples) => {
      const { latenciesMs } = await raw.ask({ ids: samples.map(({ ids }) => ids), sessions: 1 });
      return { p50: median([...latenciesMs]), tokens: meanTokens(samples) };
    },
    second: async (samples) => {
      const requests = samples.map(feedbackRequest);
      return median((await sendLoad({ url: service.url, requests, connections: 1, signal })).latenciesMs);
    },
  });
  const alone = median(rounds.map(([one]) => one.p50)).toFixed(1);
  const submitted = median(rounds.map(([, one]) => one)).toFixed(1);
  const tokens = mean(rounds.map(([one]) => one.tokens)).toFixed(0);
  return {
    ...describe(engine),
    values: rounds.map(([one, other]) => other / one.p50),
    detail: `${submitted} ÷ ${alone} ms, ${tokens} tokens each${remark}`,
  };
}

function describe(engine: keyof typeof TARGETS): Omit<Measurement, 'values' | 'detail'> {
  return {
    id: 'S3',
    title: `POST /v1/feedback p50, one client ÷ p50 of embedding, ${engine}`,
    unit: '',
    target: { relation: '<=', value: TARGETS[engine] },
  };
}
