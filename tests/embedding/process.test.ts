import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

const run = promisify(execFile);
const script = fileURLToPath(new URL('fixtures/embed-once.ts', import.meta.url));
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'home-'));
});
afterEach(() => rm(home, { recursive: true }));

/** ONNX Runtime sends nothing when it believes to be in a build, so the child gets an environment without such signs. */
test('after disposal the process ends by itself, and ONNX Runtime left no device id for its telemetry', async () => {
  const env = { PATH: process.env.PATH, HOME: home, ENCODER_SESSIONS: '1' };
  const { stdout, stderr } = await run(process.execPath, ['--import', tsx, script], { env, timeout: 60_000 });
  expect({ stdout, stderr }).toEqual({ stdout: '17 tokens\n', stderr: '' });
  expect(await readdir(home)).toEqual([]);
}, 90_000);
