import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/db/connect.ts';
import { openTestService } from '../_util/context.ts';
import { makeFolder, makePgliteConfig, quiet } from '../_util/db.ts';
import { createTestPostgres } from '../_util/postgres.ts';
import { CLI_TIMEOUT_MS, runCli } from './run.ts';

const FEEDBACK = [
  { text: '我的账户被盗了，请联系 13912345678', external_id: 'a', customer: { ref: 'li@example.com' } },
  { text: 'Please add a dark mode', metadata: { app_version: '4.2.1' } },
];

/** Stores the feedback under the configuration as the service would, and gives what its API shows of it. */
async function fill(config: ReturnType<typeof loadConfig>): Promise<unknown[]> {
  await using database = await openDatabase({ config, logger: quiet });
  await using service = await openTestService({ opened: { database, config, [Symbol.asyncDispose]: async () => {} } });
  for (const item of FEEDBACK) expect((await service.post('/v1/feedback', item)).status).toBe(201);
  return await listItems(service);
}

async function read(config: ReturnType<typeof loadConfig>) {
  await using database = await openDatabase({ config, logger: quiet });
  await using service = await openTestService({ opened: { database, config, [Symbol.asyncDispose]: async () => {} } });
  const sealed = await database.kysely.selectFrom('pii_vault').selectAll().execute();
  return {
    items: await listItems(service),
    opened: sealed.map((row) => service.context.vault.open(row.feedback_id, row.sealed)),
  };
}

async function listItems({
  request,
}: Pick<Awaited<ReturnType<typeof openTestService>>, 'request'>): Promise<unknown[]> {
  const { items } = (await (await request('/v1/feedback')).json()) as { items: { id: string }[] };
  return await Promise.all(items.map(async ({ id }) => await (await request(`/v1/feedback/${id}`)).json()));
}

test('migrate --check tells what is pending and changes nothing; migrate applies it once', {
  timeout: CLI_TIMEOUT_MS,
}, async () => {
  await using data = await makeFolder();
  const settings = { DATA_DIR: data.folder };
  const pending = await runCli(['migrate', '--check'], { settings });
  expect(pending).toEqual({ code: 1, stdout: expect.stringMatching(/^Pending: 0001-feedback/), stderr: '' });
  const applied = await runCli(['migrate'], { settings });
  expect(applied).toEqual({ code: 0, stdout: expect.stringMatching(/^Applied: 0001-feedback/), stderr: '' });
  for (const args of [['migrate', '--check'], ['migrate']]) {
    const again = await runCli(args, { settings });
    expect(again).toEqual({ code: 0, stdout: 'The database is up to date.\n', stderr: '' });
  }
});

test('backup and restore: every item comes back, its original opens, nothing is overwritten by mistake', {
  timeout: CLI_TIMEOUT_MS,
}, async () => {
  await using made = await makePgliteConfig();
  await using target = await makeFolder();
  const { config } = made;
  const items = await fill(config);
  const file = path.join(target.folder, 'feedback.backup');
  const backup = await runCli(['backup', file], { settings: { DATA_DIR: config.DATA_DIR } });
  expect(backup).toEqual({ code: 0, stdout: expect.stringMatching(/: \d+ rows\. .*vault key/), stderr: '' });
  const bytes = await readFile(file);
  expect(gunzipSync(bytes).includes('dark mode')).toBe(true);
  expect(gunzipSync(bytes).includes('13912345678')).toBe(false);

  const vaultKey = await readFile(path.join(config.DATA_DIR, 'vault.key'), 'utf8');
  const settings = { DATA_DIR: path.join(target.folder, 'data'), VAULT_KEY: vaultKey };
  const restored = await runCli(['restore', file], { settings });
  expect(restored).toEqual({ code: 0, stdout: expect.stringMatching(/^Restored \d+ rows from /), stderr: '' });
  const found = await read(loadConfig(settings));
  expect(found.items).toEqual(items);
  expect(found.opened).toMatchObject([{ text: FEEDBACK[0]?.text, customer: FEEDBACK[0]?.customer }]);

  const refused = await runCli(['restore', file], { settings });
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('--force') });
  await writeFile(file, bytes.subarray(0, bytes.length - 40));
  const damaged = await runCli(['restore', file, '--force'], { settings });
  expect(damaged).toMatchObject({ code: 78, stderr: expect.stringMatching(/^The backup file cannot be used: /) });
  expect((await read(loadConfig(settings))).items).toEqual(items);
  expect((await readdir(target.folder)).sort()).toEqual(['data', 'feedback.backup']);
});

test.runIf(process.env.TEST_DATABASE_URL)(
  'from the embedded database to PostgreSQL',
  { timeout: CLI_TIMEOUT_MS },
  async () => {
    await using made = await makePgliteConfig();
    await using target = await makeFolder();
    await using postgres = await createTestPostgres(process.env.TEST_DATABASE_URL ?? '');
    const items = await fill(made.config);
    const file = path.join(target.folder, 'feedback.backup');
    expect((await runCli(['backup', file], { settings: { DATA_DIR: made.config.DATA_DIR } })).code).toBe(0);
    const settings = { DATABASE_URL: postgres.url, DATA_DIR: made.config.DATA_DIR };
    expect((await runCli(['restore', file], { settings })).code).toBe(0);
    expect((await read(loadConfig(settings))).items).toEqual(items);
  },
);
