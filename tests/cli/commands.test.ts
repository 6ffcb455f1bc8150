import { createHash } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { lockFolder } from '../../src/db/lock.ts';
import { makeFolder } from '../_util/db.ts';
import { CLI_TIMEOUT_MS, makeDatabaseFolder, runCli } from './run.ts';

/** A port that was free a moment ago and refuses connections. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('help', { timeout: CLI_TIMEOUT_MS }, () => {
  test('is asked for: exit 0', async () => {
    const [all, one] = await Promise.all([runCli(['--help']), runCli(['triage', '--help'])]);
    expect({ code: all.code, stderr: all.stderr }).toEqual({ code: 0, stderr: '' });
    expect(all.stdout).toMatch(/^Usage: feedback-triage /);
    expect({ code: one.code, stderr: one.stderr }).toEqual({ code: 0, stderr: '' });
    expect(one.stdout).toMatch(/^Usage: feedback-triage triage /);
    for (const { stdout } of [all, one]) expect(stdout).toMatch(/^ {2}130 +stopped by Ctrl-C or SIGTERM$/m);
  });

  test('is offered after a mistake in the call: exit 2', async () => {
    const report = ['replies', 'report'];
    const calls = [
      ...[[], ['triage', 'x', '--fast'], ['keys', 'new', 'a b'], ['classify', '  ']],
      ...[
        [...report, '--every', 'hour'],
        [...report, '--from', 'monday'],
      ],
    ];
    for (const { code, stdout, stderr } of await Promise.all(calls.map((args) => runCli(args)))) {
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/--help|Usage:|must h/);
    }
  });
});

describe('what ends a command at once', { timeout: CLI_TIMEOUT_MS }, () => {
  test('a file that is not there: 66', async () => {
    await using data = await makeFolder();
    const out = path.join(data.folder, 'out.jsonl');
    const args = ['triage', 'no/such/file.jsonl', '--out', out];
    const { code, stdout, stderr } = await runCli(args, { settings: { DATA_DIR: data.folder } });
    expect({ code, stdout, stderr }).toEqual({
      code: 66,
      stdout: '',
      stderr: 'no/such/file.jsonl: there is no such file\n',
    });
    expect(await readdir(data.folder)).toEqual([]);
  });

  test('an output that cannot be written: 66', async () => {
    await using data = await makeFolder();
    const file = path.join(data.folder, 'in.txt');
    await writeFile(file, 'hello\n');
    for (const out of [path.join(data.folder, 'missing', 'out'), data.folder]) {
      const { code, stderr } = await runCli(['triage', file, '--out', out], { settings: { DATA_DIR: data.folder } });
      expect(code).toBe(66);
      expect(stderr).toContain(`${out} cannot be written`);
    }
  });

  test('a bad configuration: 78, all problems at once, no value repeated', async () => {
    const settings = { PORT: '99999', API_KEYS: 'crm=secret4711', HOST: '0.0.0.0', LOG_LEVEL: 'loud' };
    const { code, stdout, stderr } = await runCli(['serve'], { settings });
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
    for (const name of Object.keys(settings)) expect(stderr).toContain(`  ${name}: `);
    expect(stderr).not.toContain('secret4711');
    expect(stderr).not.toContain('    at ');
  });

  test('every other address than loopback without keys: 78', async () => {
    const { code, stderr } = await runCli(['serve'], { settings: { HOST: '0.0.0.0' } });
    expect(code).toBe(78);
    expect(stderr).toContain('HOST: 0.0.0.0 can be reached from other machines');
  });

  test('an unreachable database: 69', async () => {
    const host = `127.0.0.1:${await closedPort()}`;
    const settings = { DATABASE_URL: `postgres://user:secret4711@${host}/db` };
    const calls = [['serve'], ['triage', import.meta.filename, '--store']];
    for (const result of await Promise.all(calls.map((args) => runCli(args, { settings })))) {
      expect(result).toEqual({
        code: 69,
        stdout: '',
        stderr: `The database at ${host} cannot be reached. It is named in DATABASE_URL.\n`,
      });
    }
  });

  test('a second process on the data folder: 75, naming the first; the folder stays as it is', async () => {
    await using data = await makeDatabaseFolder();
    await using _first = await lockFolder(data.folder);
    for (const command of [['serve'], ['triage', import.meta.filename, '--store']]) {
      const { code, stdout, stderr } = await runCli(command, { settings: { DATA_DIR: data.folder } });
      expect({ code, stdout }).toEqual({ code: 75, stdout: '' });
      expect(stderr).toBe(`The database in ${data.folder} is in use by another process (pid ${process.pid}).\n`);
    }
  });
});

describe('keys new', { timeout: CLI_TIMEOUT_MS }, () => {
  test('shows a key once and prints the entry that lets it in', async () => {
    const runs = await Promise.all([runCli(['keys', 'new', 'crm']), runCli(['keys', 'new', 'crm'])]);
    const keys = runs.map(({ code, stdout, stderr }) => {
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const key = /^Key \(shown once\): (ft_[\w-]{43})$/m.exec(stdout)?.[1] ?? '';
      const entry = /^Add to API_KEYS: {2}(\S+)$/m.exec(stdout)?.[1] ?? '';
      expect(loadConfig({ API_KEYS: entry }).API_KEYS).toEqual([
        { name: 'crm', sha256: createHash('sha256').update(key).digest('hex') },
      ]);
      expect(entry).not.toContain(key);
      return key;
    });
    expect(new Set(keys).size).toBe(2);
  });
});
