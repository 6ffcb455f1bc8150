import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import stringWidth from 'string-width';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { DATA_FOLDER } from '../../src/context.ts';
import { decisionSchema } from '../../src/triage/decision.ts';
import { CLI_TIMEOUT_MS, Cli, makeDatabaseFolder, makeDataFolder, runCli } from './run.ts';

const resultSchema = z.strictObject({
  line: z.int().min(1),
  external_id: z.string().optional(),
  id: z.uuid().optional(),
  text: z.string(),
  decision: z.strictObject(decisionSchema.shape),
});
const STOLEN = '我的账户被盗了，刚刚有人提走了12000 USDT';
/** 我的账户被盗了 in GB18030. */
const GB18030 = Buffer.from('ced2b5c4d5cbbba7b1bbb5c1c1cb0a', 'hex');

let data: Awaited<ReturnType<typeof makeDataFolder>>;
let settings: Record<string, string>;
beforeAll(async () => {
  data = await makeDataFolder();
  settings = { DATA_DIR: data.folder };
});
afterAll(() => data[Symbol.asyncDispose]());

const write = async (name: string, content: string | Buffer) => {
  const file = path.join(data.folder, name);
  await writeFile(file, content);
  return file;
};
const parseLines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => resultSchema.parse(JSON.parse(line)));

describe('triage', { timeout: CLI_TIMEOUT_MS }, () => {
  test('JSON Lines to JSON, in order; bad lines by number on standard error and exit 65; the same in --out', async () => {
    const file = await write(
      'a.jsonl',
      `{"text":"${STOLEN}","external_id":"x-1"}\n{broken\n{"text":""}\n{"text":"Thanks!"}\n`,
    );
    const out = path.join(data.folder, 'a.out');
    const { code, stdout, stderr } = await runCli(['triage', file, '--json', '--out', out, '--lang', 'en'], {
      settings,
    });
    expect(code).toBe(65);
    const results = parseLines(stdout);
    expect(results.map(({ line, text, external_id }) => [line, text, external_id])).toEqual([
      [1, STOLEN, 'x-1'],
      [4, 'Thanks!', undefined],
    ]);
    expect(results.map(({ decision }) => decision.priority)).toEqual(['P1', 'P4']);
    expect(stderr.split('\n')).toEqual(['line 2: not valid JSON', 'line 3: text: must not be empty', '']);
    expect(await readFile(out, 'utf8')).toBe(stdout);
    expect((await readdir(data.folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('CSV to a table that fits, most urgent first, with a summary; a limit; terminal commands do nothing', async () => {
    const rows = ['"Thanks, great service",1', '"How do I enable 2FA?\u001b[2J",2', `"${STOLEN}",3`, '"not read",4'];
    const file = await write('b.csv', `内容,id\n${rows.join('\n')}\n`);
    const args = ['triage', file, '--text', '内容', '--limit', '3', '--lang', 'en'];
    const { code, stdout, stderr } = await runCli(args, { settings });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^line\s+prio\s+score\s+type\s/);
    expect(lines[2]).toMatch(/^ {3}4 {2}P1/);
    expect(lines[2]).toContain('我的账户被盗了');
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(120);
    expect(stdout).toMatch(/^3 items, /m);
    expect(stdout).toMatch(/^By priority: P1 1 · P4 2$/m);
    expect(stdout).toMatch(/^By type: Technical issue 1 · Question 1 · Praise 1$/m);
    expect(stdout).not.toContain('not read');
    expect(stdout).not.toContain('\u001b');
  });

  test('standard input, one message per line, in Chinese', async () => {
    const input = `谢谢，服务很好\r\n\r\n${STOLEN}\n请联系 13912345678\n`;
    const { code, stdout, stderr } = await runCli(['triage', '-', '--lang', 'zh'], { settings, input });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^行\s+级别\s+分\s+类型/);
    expect(stdout.split('\n')[2]).toMatch(/^ 3 {2}P1/);
    expect(stdout).toContain('[PHONE]');
    expect(stdout).not.toContain('13912345678');
    expect(stdout).toMatch(/^3 条/m);
    expect(stdout).toContain('按级别: P1 1');
  });

  test('what recurs in the samples is named at the end, in either language', async () => {
    const file = path.join(DATA_FOLDER, 'samples', 'feedback.jsonl');
    const titles = {
      en: [
        /Withdrawals not arriving: \d+ customers \(11-10/u,
        /App crashes or freezes: \d+ customers \(11-12/u,
        /Face check fails: \d+ customers \(11-15/u,
      ],
      zh: [
        /提现长时间未到账: \d+ 位客户 \(11-10/u,
        /应用闪退或卡死: \d+ 位客户 \(11-12/u,
        /人脸认证失败: \d+ 位客户 \(11-15/u,
      ],
    };
    for (const [lang, patterns] of Object.entries(titles)) {
      const { code, stdout } = await runCli(['triage', file, '--lang', lang], { settings });
      expect(code).toBe(0);
      const told = stdout
        .slice(stdout.search(/Recurring issues|反复出现的问题/u))
        .trim()
        .split('\n')
        .slice(1);
      // The incidents come first; what fewer people tell of over weeks may follow.
      expect(told.length).toBeLessThanOrEqual(5);
      for (const pattern of patterns) {
        const [line = ''] = told.slice(0, 3).filter((one) => pattern.test(one));
        // Nine or ten people report each of them.
        expect(Number(/: (\d+)/u.exec(line)?.[1])).toBeGreaterThanOrEqual(6);
        // At least five of them within one hour of that day.
        expect(line).toMatch(
          /\(11-(\d\d) .*(?:burst seen 11-\1 \d\d:\d\d: |11-\1 \d\d:\d\d 发现突发：一小时内 )(?:[5-9]|10) /u,
        );
      }
    }
  });

  test('the samples: every line is decided, every priority and type occurs', async () => {
    const file = path.join(DATA_FOLDER, 'samples', 'feedback.jsonl');
    const { code, stdout } = await runCli(['triage', file, '--json'], { settings });
    expect(code).toBe(0);
    const results = parseLines(stdout);
    expect(results).toHaveLength((await readFile(file, 'utf8')).trim().split('\n').length);
    expect(new Set(results.map(({ decision }) => decision.priority)).size).toBe(4);
    expect(new Set(results.map(({ decision }) => decision.type.key)).size).toBe(6);
  });

  test('GB18030 with --encoding; without it every line is told and the exit is 65', async () => {
    const file = await write('c.txt', GB18030);
    const named = await runCli(['triage', file, '--encoding', 'gb18030', '--json'], { settings });
    expect(named.code).toBe(0);
    expect(parseLines(named.stdout)[0]?.text).toBe('我的账户被盗了');
    const unnamed = await runCli(['triage', file, '--lang', 'en'], { settings });
    expect(unnamed.code).toBe(65);
    expect(unnamed.stderr).toContain('line 1: the bytes are not valid in this encoding');
    expect(unnamed.stderr).toContain('--encoding gb18030');
  });

  test('--store keeps the items; a second run finds them there', async () => {
    await using kept = await makeDatabaseFolder();
    const file = await write(
      'd.jsonl',
      `{"text":"${STOLEN}","external_id":"x-1"}\n{"text":"谢谢","external_id":"x-2"}\n`,
    );
    const store = () => runCli(['triage', file, '--store', '--lang', 'en'], { settings: { DATA_DIR: kept.folder } });
    const first = await store();
    expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/^Stored in the database: 2$/m);
    const second = await store();
    expect(second.code).toBe(0);
    expect(second.stdout).toMatch(/^Stored in the database: 0 · Already stored \(not stored again\): 2$/m);
  });

  test('a file that breaks off leaves --out as it was', async () => {
    const file = await write('e.csv', `text\n${STOLEN}\n"never closed\n`);
    const out = await write('e.out', 'old');
    const { code, stderr } = await runCli(['triage', file, '--out', out, '--lang', 'en'], { settings });
    expect(code).toBe(66);
    expect(stderr).toMatch(/e\.csv: is not a well-formed CSV/);
    expect(await readFile(out, 'utf8')).toBe('old');
    expect((await readdir(data.folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('a CSV without the column ends with 66 and names the columns it has', async () => {
    const file = await write('f.csv', 'message,id\nhello,1\n');
    const out = path.join(data.folder, 'f.out');
    const { code, stdout, stderr } = await runCli(['triage', file, '--out', out], { settings });
    expect({ code, stdout }).toEqual({ code: 66, stdout: '' });
    expect(stderr).toBe('The CSV has no column "text". It has: message, id. Name one with --text.\n');
    await expect(readFile(out)).rejects.toThrow('ENOENT');
  });

  test('Ctrl-C while it waits for standard input ends it with 130', async () => {
    await using cli = new Cli(['triage', '-', '--json', '--lang', 'zh'], { settings });
    // Too long to be decided about, so that only the reading takes time.
    await cli.write(`${'x'.repeat(30_000)}\n`.repeat(10));
    cli.signal('SIGINT');
    const { code, stderr } = await cli.result();
    expect({ code, stderr }).toMatchObject({
      code: 130,
      stderr: expect.stringMatching(/已停止。 已判断 0 条。\n$/),
    });
  });

  test('Ctrl-C in the middle: 130, what was done and what was stored; --out stays as it was', async () => {
    await using kept = await makeDatabaseFolder();
    const out = await write('h.out', 'old');
    const args = ['triage', '-', '--store', '--json', '--out', out, '--lang', 'en'];
    await using cli = new Cli(args, { settings: { DATA_DIR: kept.folder } });
    await cli.write('{"text":"first","external_id":"h-1"}\n{"text":"second","external_id":"h-2"}\n');
    await cli.untilOutput(/"line":2,/);
    cli.signal('SIGINT');
    const { code, stdout, stderr } = await cli.result();
    expect(code).toBe(130);
    expect(parseLines(stdout).map(({ text }) => text)).toEqual(['first', 'second']);
    expect(stderr).toMatch(
      /^Stopped\. 2 messages had been decided\. 2 of them were newly stored, 0 were stored before; /,
    );
    expect(stderr).toContain(`${out} was not written and is as it was.`);
    expect(await readFile(out, 'utf8')).toBe('old');
  });

  test('Ctrl-C while nobody reads what it prints ends it too', async () => {
    const long = '很长的反馈'.repeat(800);
    const file = await write('i.txt', Array.from({ length: 400 }, (_, at) => `第 ${at} 条：${long}`).join('\n'));
    await using cli = new Cli(['triage', file, '--json', '--lang', 'en'], { settings, input: '' });
    await cli.untilOutput(/"line":1,/);
    cli.pauseStdout();
    // Long enough for the pipe to fill up; the signal must not wait for the reader.
    await sleep(3_000);
    cli.signal('SIGINT');
    await cli.ended();
    cli.resumeStdout();
    const { code, stderr } = await cli.result();
    expect({ code, stderr }).toEqual({ code: 130, stderr: expect.stringMatching(/^Stopped\. \d+ messages had been/) });
  });

  test('a reader that has enough (… | head) ends it without a word', async () => {
    const file = await write('g.txt', Array.from({ length: 400 }, (_, at) => `第 ${at} 条反馈`).join('\n'));
    await using cli = new Cli(['triage', file, '--json'], { settings, input: '' });
    await cli.untilOutput(/"line":1,/);
    cli.closeStdout();
    const { code, stderr } = await cli.result();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('a reader that has enough while a file was to hold all of it: 66, and what became of the file', async () => {
    const file = await write('j.txt', Array.from({ length: 400 }, (_, at) => `第 ${at} 条反馈`).join('\n'));
    const out = path.join(data.folder, 'j.out');
    await using cli = new Cli(['triage', file, '--json', '--out', out, '--lang', 'en'], { settings, input: '' });
    await cli.untilOutput(/"line":1,/);
    cli.closeStdout();
    const { code, stderr } = await cli.result();
    expect(code).toBe(66);
    expect(stderr).toMatch(/^Nobody reads standard output any more.*j\.out was not written/s);
    await expect(readFile(out)).rejects.toThrow('ENOENT');
  });

  test('--out through /dev/stdout and to a full disk', async () => {
    const file = await write('k.txt', 'Thanks!\nHello\n');
    const [through, full] = await Promise.all([
      runCli(['triage', file, '--out', '/dev/stdout', '--lang', 'en'], { settings }),
      runCli(['triage', file, '--out', '/dev/full', '--lang', 'en'], { settings }),
    ]);
    expect({ code: through.code, stderr: through.stderr }).toEqual({ code: 0, stderr: '' });
    expect(parseLines(through.stdout.split('\n').slice(0, 2).join('\n')).map(({ line }) => line)).toEqual([1, 2]);
    expect(through.stdout).toMatch(/^2 items, /m);
    expect(full.code).toBe(74);
    expect(full.stderr).toMatch(
      /^The disk is full: \/dev\/full could not be written\.\n.*got the first 0 results only\.$/m,
    );
  });
});
