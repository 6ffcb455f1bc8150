import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { CLI_TIMEOUT_MS, makeDataFolder, runCli } from './run.ts';

const share = z.number().min(0).max(1);
const ranks = z.object({ n: z.int(), recall_at_1: share, recall_at_3: share, recall_at_5: share, mrr: share });
const resultSchema = z.object({
  ...ranks.omit({ n: true }).shape,
  no_answer_precision: share.nullable(),
  no_answer_recall: share.nullable(),
  by_pair: z.object({
    zh_zh: ranks.nullable(),
    en_en: ranks.nullable(),
    zh_en: ranks.nullable(),
    en_zh: ranks.nullable(),
  }),
});

const article = (slug: string, lang: string, title: string, body: string) =>
  `---\nslug: ${slug}\nlang: ${lang}\ntitle: ${title}\ntopics: [withdrawal]\nowner: payments\n---\n\n${body}\n`;

let data: Awaited<ReturnType<typeof makeDataFolder>>;
let settings: Record<string, string>;
let folder: string;
const place = (...parts: string[]) => path.join(data.folder, ...parts);
beforeAll(async () => {
  data = await makeDataFolder();
  settings = { DATA_DIR: data.folder };
  folder = place('my-articles');
  await mkdir(path.join(folder, 'zh'), { recursive: true });
  await writeFile(
    path.join(folder, 'cost.md'),
    article('cost', 'en', 'What it costs', 'Withdrawals cost 3 USDT each.'),
  );
  await writeFile(
    path.join(folder, 'zh', 'cost.md'),
    article('cost', 'zh', '提现手续费', '每笔提现收取 2 USDT 手续费。'),
  );
});
afterAll(() => data[Symbol.asyncDispose]());

describe('knowledge import', () => {
  test(
    'imports what can be read, names what cannot, and warns of translations that contradict each other',
    async () => {
      await writeFile(path.join(folder, 'bad.md'), article('bad', 'en', 'Bad', '<script>alert(1)</script>'));
      await writeFile(path.join(folder, 'empty.md'), article('empty', 'en', 'Empty', ''));
      await writeFile(path.join(folder, 'README.md'), 'not an article');
      const result = await runCli(['knowledge', 'import', folder], { settings });
      expect(result.stdout).toContain('2 added, 0 changed, 0 as they were, 0 kept, 2 problems.');
      expect(result.stderr).toMatch(/bad\.md: .*HTML/u);
      expect(result.stderr).toMatch(/empty\.md: .*is empty/u);
      expect(result.stderr).toMatch(/warning: .*3 USDT.*contradicts zh\/cost.*2 USDT/u);
      expect(result.stderr.match(/warning:/gu)).toHaveLength(1);
      expect(result.code).not.toBe(0);
    },
    CLI_TIMEOUT_MS,
  );

  test(
    'again, leaves what has not changed, and takes what has',
    async () => {
      const own = place('own-articles');
      await mkdir(own);
      await writeFile(
        path.join(own, 'cost.md'),
        article('cost', 'en', 'What it costs', 'Withdrawals cost 2 USDT each.'),
      );
      const result = await runCli(['knowledge', 'import', own], { settings });
      expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining('0 added, 1 changed, 0 as they were') });
      expect(result.stderr).not.toContain('warning:');
      const missing = await runCli(['knowledge', 'import', place('nowhere')], { settings });
      expect(missing.code).not.toBe(0);
      expect(missing.stderr).toContain('there is no such folder');
    },
    CLI_TIMEOUT_MS,
  );
});

describe('eval retrieve', () => {
  const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  test(
    'measures articles and questions of anybody, and names an answer that is no article',
    async () => {
      const [articles, queries, json] = [place('a.jsonl'), place('q.jsonl'), place('r.json')];
      await writeFile(
        articles,
        lines([
          { id: 1, lang: 'en', title: 'How to park a bicycle', body: 'Put it into the yard behind the house.' },
          { id: 'b', lang: 'zh-CN', title: '食堂几点开门', body: '食堂十二点开门。' },
        ]),
      );
      await writeFile(
        queries,
        lines([
          { id: 'q1', lang: 'en', text: 'where do I park my bicycle', answer_ids: [1] },
          { id: 'q2', lang: 'zh', text: '食堂什么时候开', answer_ids: ['b'] },
          { id: 'q3', lang: 'en', text: 'does the moon have an atmosphere', answer_ids: [] },
        ]),
      );
      const result = await runCli(['eval', 'retrieve', '--articles', articles, '--queries', queries, '--json', json], {
        settings,
      });
      expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing fits: precision') });
      const figures = resultSchema.parse(JSON.parse(await readFile(json, 'utf8')));
      expect(figures).toMatchObject({ recall_at_1: 1, by_pair: { zh_en: null, en_en: { n: 1, recall_at_1: 1 } } });
      expect(figures.no_answer_recall).toBe(1);
      await writeFile(queries, lines([{ id: 'q1', lang: 'en', text: 'park', answer_ids: ['missing'] }]));
      const wrong = await runCli(['eval', 'retrieve', '--articles', articles, '--queries', queries], { settings });
      expect(wrong.code).not.toBe(0);
      expect(wrong.stderr).toContain('missing, which is no article');
    },
    CLI_TIMEOUT_MS,
  );
});
