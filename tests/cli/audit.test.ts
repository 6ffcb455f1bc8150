import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src/db/connect.ts';
import { openTestService } from '../_util/context.ts';
import { makeFolder, makePgliteConfig, quiet } from '../_util/db.ts';
import { CLI_TIMEOUT_MS, runCli } from './run.ts';

test('audit verify: whole, then tampered with, with a report and exit code 1', {
  timeout: CLI_TIMEOUT_MS,
}, async () => {
  await using made = await makePgliteConfig();
  await using place = await makeFolder();
  const { config } = made;
  const settings = { DATA_DIR: config.DATA_DIR };
  const file = path.join(place.folder, 'report.json');
  {
    await using database = await openDatabase({ config, logger: quiet });
    await using service = await openTestService({
      opened: { database, config, [Symbol.asyncDispose]: async () => {} },
    });
    expect((await service.post('/v1/feedback', { text: '充值没到账' })).status).toBe(201);
  }
  const whole = await runCli(['audit', 'verify', '--json', file], { settings });
  expect(whole).toEqual({ code: 0, stdout: 'The audit is whole: 1 entries in 1 chains.\n', stderr: '' });
  {
    await using database = await openDatabase({ config, logger: quiet });
    await sql`update audit set change = '{}'`.execute(database.kysely);
  }
  const found = await runCli(['audit', 'verify', '--since', '2020-01-01T00:00:00Z', '--json', file], { settings });
  expect(found).toMatchObject({ code: 1, stdout: expect.stringMatching(/^edited {3}feedback [\w-]{36} entry 1: /u) });
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
    found: 1,
    findings: [{ kind: 'edited', seq: '1' }],
  });
  const later = await runCli(['audit', 'verify', '--since', '2999-01-01T00:00:00Z'], { settings });
  expect(later).toMatchObject({ code: 0, stdout: expect.stringContaining('0 entries') });
});

test('audit verify tells what a time looks like, and what file cannot be written', {
  timeout: CLI_TIMEOUT_MS,
}, async () => {
  const wrong = await runCli(['audit', 'verify', '--since', 'yesterday']);
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('RFC 3339') });
  await using made = await makePgliteConfig();
  const settings = { DATA_DIR: made.config.DATA_DIR };
  const missing = await runCli(['audit', 'verify', '--json', '/nowhere/at/all.json'], { settings });
  expect(missing).toMatchObject({ code: 66, stderr: expect.stringContaining('/nowhere/at/all.json') });
});
