import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { CLI_TIMEOUT_MS, makeDataFolder, runCli } from './run.ts';

const share = z.number().min(0).max(1);
const clusterSchema = z.object({
  v_measure: share,
  ari: z.number(),
  nmi: share,
  purity: share,
  clusters: z.int(),
  outlier_share: share,
  stability: share.nullable(),
  ms: z.number().positive(),
});
const scoresSchema = z.object({
  mean_story_recall: share,
  mean_story_precision: share,
  items_until_found: z.number().nullable(),
  bursts_found: z.int(),
  burst_delay_minutes: z.number().nullable(),
  false_bursts: z.int(),
});
const storiesSchema = scoresSchema.extend({ after_recluster: scoresSchema });

const CARD = [
  'Where is my new card?',
  'The card I ordered has not arrived',
  'My card still did not come in the post',
  'How long until my new card arrives?',
  'Still waiting for the card to be delivered',
  'The new card never arrived',
];
const LOGIN = [
  '登录不了账户',
  '账户一直登录不上去',
  '输入密码也登录不了',
  '今天怎么都登录不进账户',
  '登录失败，进不去账户',
  '账户登录不上，一直报错',
];

/** Few messages, in two languages: what an installation has in its first hours. */
const WITHDRAWALS = [
  '提现三天了还没到账，一直显示处理中',
  '我昨天申请的提币到现在都没收到',
  '提现一直卡在审核，钱没到',
  '怎么提现这么久都不到账？',
  'USDT 提现两天没到，急',
  'my withdrawal has been pending for three days',
  'withdrew USDT yesterday and it never arrived',
  'Withdrawal still processing after 48 hours',
];
const CHARTS = [
  'K线图加载不出来，一片空白',
  'the candlestick chart is blank and does not load',
  '图表打不开，显示空白',
  'chart stays empty since the update',
  '行情图一直白屏',
  'Charts will not load on iPhone',
];

let data: Awaited<ReturnType<typeof makeDataFolder>>;
let settings: Record<string, string>;
let place: (name: string) => string;
beforeAll(async () => {
  data = await makeDataFolder();
  settings = { DATA_DIR: data.folder };
  place = (name) => path.join(data.folder, name);
});
afterAll(() => data[Symbol.asyncDispose]());

const read = async (name: string) => JSON.parse(await readFile(place(name), 'utf8'));

describe('eval cluster, stories and bursts', { timeout: CLI_TIMEOUT_MS }, () => {
  test('clusters a CSV and compares with its labels', async () => {
    const lines = [...CARD.map((text) => `card,${text}`), ...LOGIN.map((text) => `login,${text}`)];
    await writeFile(place('set.csv'), `kind,words\n${lines.join('\n')}\n`);
    const flags = ['--text', 'words', '--label', 'kind', '--stability', '0.1', '--json', place('set.json')];
    const { code, stdout, stderr } = await runCli(['eval', 'cluster', place('set.csv'), ...flags], { settings });
    expect([code, stderr]).toEqual([0, '']);
    const result = clusterSchema.parse(await read('set.json'));
    expect(result.purity).toBe(1);
    expect(result.stability).not.toBeNull();
    expect(stdout).toMatch(/k-means, k = 2/u);
  });

  test('a column that is not there is named, with those that are', async () => {
    await writeFile(place('other.csv'), 'kind,words\na,b\n');
    const { code, stderr } = await runCli(['eval', 'cluster', place('other.csv'), '--text', 'words'], { settings });
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/no column "label".*kind, words/u);
  });

  test('feeds stories in order and finds their burst', async () => {
    const texts = [...WITHDRAWALS, ...CHARTS];
    const lines = texts.map((text, at) => {
      const isFirst = at < WITHDRAWALS.length;
      // One matter within an hour, the other over days.
      const ts = new Date(Date.UTC(2026, 8, 1, 9) + (isFirst ? at * 5 : at * 1_440) * 60_000).toISOString();
      const lang = /\p{Script=Han}/u.test(text) ? 'zh' : 'en';
      return { id: at, ts, customer_id: `c${at}`, lang, text, story: isFirst ? 'withdrawal' : 'chart' };
    });
    await writeFile(place('stories.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'));
    const args = ['eval', 'stories', place('stories.jsonl'), '--json', place('stories.json')];
    const { code, stdout } = await runCli(args, { settings });
    expect(code).toBe(0);
    const result = storiesSchema.parse(await read('stories.json'));
    expect(result.mean_story_precision).toBeGreaterThan(0.9);
    expect(result).toMatchObject({ bursts_found: 1, false_bursts: 0 });
    // A dozen messages are few to choose a resolution by, and clusters all the same.
    expect(result.after_recluster.mean_story_recall).toBeGreaterThan(0.7);
    expect(result.after_recluster.mean_story_precision).toBe(1);
    expect(stdout).toMatch(/as they arrived/u);
  });

  test('a line of a story that does not fit is named', async () => {
    await writeFile(place('bad.jsonl'), '{"id":"a","ts":"yesterday","customer_id":"c","text":"t","story":"s"}\n');
    const { code, stderr } = await runCli(['eval', 'stories', place('bad.jsonl')], { settings });
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/bad\.jsonl, line 1: ts/u);
  });
});
