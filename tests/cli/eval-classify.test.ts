import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { CLI_TIMEOUT_MS, Cli, makeDataFolder, runCli } from './run.ts';

const share = z.number().min(0).max(1);
const resultSchema = z.object({
  accuracy: share,
  macro_f1: share,
  ece: share,
  oos_auroc: share.nullable(),
  coverage_at_error: z.strictObject({ '0.01': share, '0.03': share, '0.05': share }),
  train_ms: z.number().positive(),
  predict_ms_per_item: z.number().positive(),
  per_label: z.array(z.object({ label: z.string(), train: z.int(), test: z.int(), f1: share })),
  baselines: z.array(z.object({ name: z.string(), accuracy: share })),
  warnings: z.array(z.string()),
});
const TRAIN = `kind,words
delivery,Where is my card?
delivery,The new card has not come yet
delivery,卡怎么还没有寄到
delivery,How long does the post take
refund,I want my money back
refund,The shop promised to refund me
refund,什么时候能退款
refund,Please return the payment
`;
const TEST = `kind,words
delivery,My card did not arrive in the mail
refund,When do I get the refund?
refund,我要退款
delivery,寄出的卡还没收到
`;
const OOS = 'text\nThe recipe needs two eggs and flour\nPhotosynthesis turns light into sugar\n昨天的球赛真精彩\n';

let data: Awaited<ReturnType<typeof makeDataFolder>>;
let settings: Record<string, string>;
let files: { train: string; test: string; oos: string; json: string };
beforeAll(async () => {
  data = await makeDataFolder();
  settings = { DATA_DIR: data.folder };
  const place = (name: string) => path.join(data.folder, name);
  files = { train: place('a.csv'), test: place('b.csv'), oos: place('c.csv'), json: place('r.json') };
  await writeFile(files.train, TRAIN);
  await writeFile(files.test, TEST);
  await writeFile(files.oos, OOS);
});
afterAll(() => data[Symbol.asyncDispose]());

const call = (...more: string[]) =>
  [
    'eval',
    'classify',
    '--train',
    files.train,
    '--test',
    files.test,
    '--text',
    'words',
    '--label',
    'kind',
    ...more,
  ] as const;

describe('eval classify', { timeout: CLI_TIMEOUT_MS }, () => {
  test('learns from one file and measures on another, the same in a second run', async () => {
    const args = call('--oos', files.oos, '--json', files.json, '--baselines');
    const { code, stdout, stderr } = await runCli(args, { settings });
    expect([code, stderr]).toEqual([0, '']);
    const first = resultSchema.parse(JSON.parse(await readFile(files.json, 'utf8')));
    expect(first.accuracy).toBe(1);
    expect(first.oos_auroc).toBeGreaterThan(0.8);
    expect(first.baselines.map(({ name }) => name)).toEqual(['nearest neighbour', 'naive Bayes (natural)']);
    expect(first.per_label.map(({ label, train, test: asked }) => [label, train, asked])).toEqual([
      ['delivery', 4, 2],
      ['refund', 4, 2],
    ]);
    expect(stdout).toMatch(/accuracy +1\.0000 \(95 % interval 0\.510–1\.000\)/);

    await runCli(args, { settings });
    const second = resultSchema.parse(JSON.parse(await readFile(files.json, 'utf8')));
    const untimed = ({ train_ms, predict_ms_per_item, ...figures }: typeof first) => figures;
    expect(untimed(second)).toEqual(untimed(first));
  });

  test.each([
    ['a missing file', ['--train', 'nowhere.csv'], /nowhere\.csv: there is no such file/],
    ['a missing text column', ['--text', 'message'], /no column "message".*kind, words/],
    ['a missing label column', ['--label', 'topic'], /no column "topic".*kind, words/],
  ])('%s is refused before the model is loaded', async (_name, more, message) => {
    const { code, stdout, stderr } = await runCli(call(...more), { settings });
    expect([code, stdout]).toEqual([66, '']);
    expect(stderr).toMatch(message);
  });

  test('Ctrl-C ends it with 130', async () => {
    await writeFile(files.json, '');
    const many = Array.from({ length: 3_000 }, (_, at) => `l${at % 3},text number ${at} about ${at % 7}`).join('\n');
    const train = path.join(data.folder, 'many.csv');
    await writeFile(train, `kind,words\nl1,\n${many}\n`);
    await using cli = new Cli(call('--train', train), { settings });
    await cli.untilOutput(/line 2: the text is empty/);
    cli.signal('SIGINT');
    expect((await cli.result()).code).toBe(130);
  });
});
