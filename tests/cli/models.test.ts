import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/db/connect.ts';
import { hashEncoder } from '../../src/embedding/create.ts';
import { makePgliteConfig, quiet } from '../_util/db.ts';
import { keepVersion, trainFor } from '../_util/versions.ts';
import { CLI_TIMEOUT_MS, runCli } from './run.ts';

test('models: a version is listed, exported, imported elsewhere by name, and refused when it is damaged', {
  timeout: CLI_TIMEOUT_MS,
}, async () => {
  await using from = await makePgliteConfig();
  await using to = await makePgliteConfig();
  const model = await trainFor(await hashEncoder({ config: loadConfig({}), logger: quiet }));
  {
    await using database = await openDatabase({ config: from.config, logger: quiet });
    await keepVersion(database.kysely, 'v1', model);
  }
  const source = { settings: { DATA_DIR: from.config.DATA_DIR } };
  const target = { settings: { DATA_DIR: to.config.DATA_DIR } };
  const listed = await runCli(['models', 'list', '--lang', 'zh'], source);
  expect(listed).toMatchObject({ code: 0, stdout: expect.stringMatching(/版本[\s\S]*v1/), stderr: '' });

  const file = path.join(from.config.DATA_DIR, 'v1.model');
  const exported = await runCli(['models', 'export', 'v1', file, '--json'], source);
  expect(exported).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(exported.stdout)).toEqual({ version: 'v1', file, bytes: (await readFile(file)).length });
  const unknown = await runCli(['models', 'export', 'v2', file], source);
  expect(unknown).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('there are: v1') });

  const imported = await runCli(['models', 'import', file, '--json', '--by', 'lin'], target);
  expect(imported).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(imported.stdout)).toEqual({ version: 'v1', imported: true });
  const again = await runCli(['models', 'import', file, '--lang', 'en'], target);
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('is here already') });
  const items = await runCli(['models', 'list', '--json'], target);
  expect(JSON.parse(items.stdout).items).toMatchObject([{ version: 'v1', outcome: 'imported', active: false }]);

  const bytes = await readFile(file);
  await writeFile(file, bytes.subarray(0, bytes.length / 2));
  const damaged = await runCli(['models', 'import', file], target);
  expect(damaged).toMatchObject({ code: 78, stdout: '', stderr: expect.stringMatching(/v1\.model: .*damaged/) });
  const missing = await runCli(['models', 'import', `${file}.none`], target);
  expect(missing).toMatchObject({ code: 66, stdout: '', stderr: expect.stringContaining('cannot be read') });
});
