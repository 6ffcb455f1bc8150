import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/db/connect.ts';
import { makeFolder, quiet } from '../_util/db.ts';
import { ModelStub } from '../_util/model-stub.ts';
import { CLI_TIMEOUT_MS, Cli, makeDatabaseFolder, runCli } from './run.ts';

const STOLEN = '我的账户被盗了，刚刚有人提走了12000 USDT，电话 13912345678';
const KEY = 'ft_test';

let data: Awaited<ReturnType<typeof makeDatabaseFolder>>;
beforeAll(async () => {
  data = await makeDatabaseFolder();
});
afterAll(() => data[Symbol.asyncDispose]());

const untilListening = async (cli: Cli) => (await cli.untilOutput(/"url":"(http:[^"]+)"/))[1] ?? '';

describe('serve', { timeout: CLI_TIMEOUT_MS }, () => {
  test('answers on a real socket, keeps what it acknowledged, and ends with 0 on SIGTERM', async () => {
    await using model = await ModelStub.listen();
    model.answer = () => undefined;
    const settings = { DATA_DIR: data.folder, LLM_URL: model.url };
    await using cli = new Cli(['serve'], { settings });
    const [, port] = await cli.untilOutput(/"port":(\d+)/);
    expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200);
    const url = await untilListening(cli);
    await cli.untilOutput(/only this machine can reach the service/);
    const ready = await fetch(`${url}/readyz`);
    expect(await ready.json()).toEqual({ status: 'ready', checks: { database: 'ok', encoder: 'ok' }, warnings: [] });
    const post = (body: string, headers = {}) => fetch(`${url}/v1/feedback`, { method: 'POST', body, headers });
    const created = await post(JSON.stringify({ text: STOLEN }), { 'content-type': 'application/json' });
    expect(created.status).toBe(201);
    const { id, priority } = (await created.json()) as { id: string; priority: string };
    expect(priority).toBe('P1');
    const drafts = `${url}/v1/feedback/${id}/drafts`;
    const json = { 'content-type': 'application/json' };
    expect((await fetch(drafts, { method: 'POST', body: '{}', headers: json })).status).toBe(201);
    const watching = await fetch(`${drafts}/events`);
    const large = await post('x'.repeat(2_000_000), { 'content-type': 'application/json' });
    expect(large.status).toBe(413);
    const second = await runCli(['triage', import.meta.filename, '--store'], { settings });
    expect({ code: second.code, stderr: second.stderr }).toMatchObject({
      code: 75,
      stderr: expect.stringContaining('is in use by another process'),
    });

    const answers = Array.from({ length: 20 }, (_, at) =>
      post(JSON.stringify({ text: `在途请求 ${at}` }), { 'content-type': 'application/json' }),
    );
    await cli.untilOutput(/"status":201.*\n.*"status":201/);
    cli.signal('SIGTERM');
    const settled = await Promise.allSettled(answers);
    const acknowledged = settled.filter((answer) => answer.status === 'fulfilled' && answer.value.status === 201);
    // Who watches a model that never answers is left, and told so.
    expect(await watching.text()).toMatch(/event: end\ndata: \{"state":"open","reason":null\}\n\n$/u);
    const { code, stdout, stderr } = await cli.result();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('stopping');
    expect(stdout).not.toContain('without waiting');
    for (const line of stdout.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('level');
    expect(stdout).not.toMatch(/被盗|13912345678|在途/);

    await using database = await openDatabase({ config: loadConfig(settings), logger: quiet });
    const kept = await database.kysely.selectFrom('feedback').select('id').execute();
    expect(kept.map((row) => row.id)).toContain(id);
    expect(kept.length).toBeGreaterThanOrEqual(1 + acknowledged.length);
  });

  test('a port that is in use: 69, what to do, and nothing was begun', async () => {
    await using untouched = await makeFolder();
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const address = other.address();
    const PORT = String(typeof address === 'object' && address !== null ? address.port : 0);
    const { code, stderr } = await runCli(['serve'], { settings: { DATA_DIR: untouched.folder, PORT } });
    await new Promise((resolve) => other.close(resolve));
    expect(await readdir(untouched.folder)).toEqual([]);
    expect({ code, stderr }).toEqual({
      code: 69,
      stderr: `Port ${PORT} is in use. Choose another one with PORT, or stop what uses it.\n`,
    });
  });

  test('with keys it asks for one, and no log line holds it', async () => {
    const API_KEYS = `crm=${createHash('sha256').update(KEY).digest('hex')}`;
    await using cli = new Cli(['serve'], { settings: { DATA_DIR: data.folder, API_KEYS, HOST: '0.0.0.0' } });
    const url = (await untilListening(cli)).replace('0.0.0.0', '127.0.0.1');
    expect((await fetch(`${url}/v1/feedback`)).status).toBe(401);
    const headers = { authorization: `Bearer ${KEY}` };
    expect((await fetch(`${url}/v1/feedback`, { headers })).status).toBe(200);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    cli.signal('SIGINT');
    const { code, stdout } = await cli.result();
    expect(code).toBe(0);
    expect(stdout).not.toContain(KEY);
    expect(stdout).not.toContain('only this machine');
  });

  test('another vault key than the database was made with: 78, and which one is wanted', async () => {
    const settings = { DATA_DIR: data.folder, VAULT_KEY: 'a1'.repeat(32) };
    const { code, stderr } = await runCli(['serve'], { settings });
    expect({ code, stderr }).toEqual({
      code: 78,
      stderr: expect.stringMatching(/^VAULT_KEY is not the key that .*\n$/),
    });
    expect(stderr).not.toContain('a1a1');
  });

  test('a data folder whose model is missing says so: 78', async () => {
    const settings = { DATA_DIR: data.folder, MODEL_DIR: path.join(data.folder, 'no-model') };
    const { code, stderr } = await runCli(['serve'], { settings });
    expect(code).toBe(78);
    expect(stderr).toContain('no-model');
    expect(stderr).not.toContain('    at ');
  });
});
