import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CLI_TIMEOUT_MS, Cli, makeDataFolder } from './run.ts';

let data: Awaited<ReturnType<typeof makeDataFolder>>;
beforeAll(async () => {
  data = await makeDataFolder();
});
afterAll(() => data[Symbol.asyncDispose]());

test('the demo says what to open, keeps its head for the next one, and leaves nothing else behind', {
  timeout: CLI_TIMEOUT_MS,
}, async () => {
  const TMPDIR = path.join(data.folder, 'tmp');
  await mkdir(TMPDIR);
  await using cli = new Cli(['demo', '--lang', 'en'], { settings: { DATA_DIR: data.folder, TMPDIR } });
  const [, url = ''] = await cli.untilOutput(/All items +(http:\S+)/);
  expect(await readdir(TMPDIR)).toContainEqual(expect.stringMatching(/^feedback-triage-demo-/));
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ items: expect.arrayContaining([expect.anything()]) });
  expect((await fetch(new URL('/docs', url))).status).toBe(200);
  cli.signal('SIGINT');
  const { code, stdout, stderr } = await cli.result();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^The demo is running with [1-9]\d* samples loaded\./);
  expect(stdout).toMatch(/Only this machine can reach it; it asks for no key\.\n$/);
  expect((await readdir(TMPDIR)).filter((name) => name.startsWith('feedback-triage-demo-'))).toEqual([]);
  expect((await readdir(path.join(data.folder, 'heads'))).some((name) => name.endsWith('.head'))).toBe(true);
  // The items and their key were in the folder that is gone.
  expect(existsSync(path.join(data.folder, 'vault.key'))).toBe(false);
});
