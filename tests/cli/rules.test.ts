import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROJECT_ROOT } from '../../src/config.ts';
import { makeFolder } from '../_util/db.ts';
import { DATA } from '../_util/triage.ts';
import { CLI_TIMEOUT_MS, makeDatabaseFolder, runCli } from './run.ts';

const RULES = `version: "1"
rules:
  - name: cracked
    sentence: { zh: 到货破损, en: Arrived broken }
    when: { phrases: [cracked, 碎了] }
    then: { floor: P1, points: 40 }
    examples: { fires: [The pot is cracked, 杯子碎了], silent: [The pot is whole, EXPECTED] }
`;

let data: Awaited<ReturnType<typeof makeDatabaseFolder>>;
let files: Awaited<ReturnType<typeof makeFolder>>;
const at = (name: string) => path.join(files.folder, name);
beforeAll(async () => {
  data = await makeDatabaseFolder();
  files = await makeFolder();
  await writeFile(at('good.yaml'), RULES.replace('EXPECTED', '杯子完好'));
  await writeFile(at('denied.yaml'), RULES.replace('EXPECTED', '杯子没碎了'));
  await writeFile(at('worse.yaml'), RULES.replace('floor: P1', 'flag: broken').replace('phrases', 'phrase'));
  await writeFile(at('items.jsonl'), '{"text":"The pot arrived cracked"}\n{"text":"Please add dark mode"}\n');
});
afterAll(async () => {
  await data[Symbol.asyncDispose]();
  await files[Symbol.asyncDispose]();
});

const rules = (...args: string[]) => runCli(['rules', ...args], { settings: { DATA_DIR: data.folder } });

describe('rules test', { timeout: CLI_TIMEOUT_MS }, () => {
  test('the shipped rules do what their examples say, by the real heads', async () => {
    const { code, stdout } = await rules('test', '--lang', 'en');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^\d+ rules, \d+ examples, 0 failed\n$/),
    });
  });

  test('a failure is shown with text, expectation and reason, and ends with 1', async () => {
    const { code, stdout } = await rules('test', at('denied.yaml'), '--lang', 'zh');
    expect(code).toBe(0);
    const worse = await rules('test', at('worse.yaml'));
    expect(worse.code).toBe(78);
    expect(worse.stderr).toContain('/rules/0/when: there is no condition phrase');
    expect(stdout).toContain('0 不符');
    await writeFile(at('wrong.yaml'), RULES.replace('EXPECTED', '瓶子碎了').replace('杯子碎了', '杯子没有碎了'));
    const wrong = await rules('test', at('wrong.yaml'), '--lang', 'en');
    expect(wrong.code).toBe(1);
    expect(wrong.stdout).toContain(
      'cracked: examples.fires.1\n    «杯子没有碎了»\n    should fire and does not: its words are there, but denied',
    );
    expect(wrong.stdout).toContain('«瓶子碎了»\n    should not fire and does: Arrived broken');
  });

  test('a source that is not there is named', async () => {
    expect(await rules('test', at('none.yaml'))).toMatchObject({ code: 66 });
    expect(await rules('test', '0123456789ab')).toMatchObject({ code: 1 });
  });
});

describe('rules explain', { timeout: CLI_TIMEOUT_MS }, () => {
  const TEXT = '我的账户没有被盗，提现 2 BTC 三天没到账';

  test('in Chinese and in English', async () => {
    const zh = await rules('explain', TEXT, '--lang', 'zh');
    expect(zh.stdout).toMatch(/账户被他人控制 «账户没有被盗»\n {6}← «没有» 被否定/u);
    expect(zh.stdout).toContain('2 BTC × 90000 = 180000 USD');
    const en = await rules('explain', TEXT, '--lang', 'en', '--tier', 'vip');
    expect(en.stdout).toContain('← «没有» denied');
    expect(en.stdout).toContain('A VIP with a technical issue or a complaint');
    expect(en.stdout).not.toMatch(/[：；]/u);
  });

  test('as JSON, by rules of a file', async () => {
    const { stdout } = await rules('explain', 'It is cracked', '--rules', at('good.yaml'), '--json', '--reports', '7');
    expect(JSON.parse(stdout)).toMatchObject({
      fired: [{ rule: 'cracked', quotes: [{ quote: 'cracked', start: 6, end: 13 }], counted: 40 }],
      facts: { reports: 7 },
      decision: { priority: 'P1' },
    });
  });
});

describe('rules diff', { timeout: CLI_TIMEOUT_MS }, () => {
  test('the change that docs/rules.md shows prints what it shows', async () => {
    const page = await readFile(path.join(PROJECT_ROOT, 'docs/rules.md'), 'utf8');
    const [, added = ''] = /```yaml\n# my-rules\/tron.yaml\n([\s\S]+?)```/u.exec(page) ?? [];
    const [, shown = ''] = /prints\n\n```text\n(line [\s\S]+?)```/u.exec(page) ?? [];
    await cp(path.join(DATA, 'rules'), at('my-rules'), { recursive: true });
    await writeFile(path.join(at('my-rules'), 'tron.yaml'), added);
    expect((await rules('test', at('my-rules'), '--lang', 'en')).stdout).toMatch(/, 0 failed\n$/u);
    const samples = path.join(DATA, 'samples/feedback.jsonl');
    const { stdout } = await rules('diff', 'shipped', at('my-rules'), '--on', samples, '--lang', 'en');
    expect(stdout).toBe(shown);
  });

  test('what changes per message, and totals; the same rules change nothing', async () => {
    const json = at('diff.json');
    const args = ['--on', at('items.jsonl'), '--lang', 'en'];
    const { code, stdout } = await rules('diff', 'active', at('good.yaml'), ...args, '--json', json);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^line 1: The pot arrived cracked\n {4}prio P\d → P1 .*rules \+cracked/mu);
    expect(stdout).toMatch(/Changed: \d \/ 2\n/u);
    const { old, new: after, totals, changes } = JSON.parse(await readFile(json, 'utf8'));
    expect(old).not.toBe(after);
    expect(totals).toMatchObject({ items: 2, changed: changes.length });
    expect(changes[0]).toMatchObject({ line: 1, change: { priority: { to: 'P1' }, rules_added: ['cracked'] } });
    const same = await rules('diff', DATA, 'shipped', ...args);
    expect(same).toMatchObject({ code: 0, stdout: 'Changed: 0 / 2\n' });
  });
});
