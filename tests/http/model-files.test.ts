import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HeadModel } from '../../src/learning/head.ts';
import { type ImportOptions, importVersion } from '../../src/learning/import-version.ts';
import { packModel } from '../../src/learning/model-codec.ts';
import { findStored, listVersions } from '../../src/learning/model-versions.ts';
import { writeVersionFile } from '../../src/learning/version-file.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { expectProblem } from '../_util/problem.ts';
import { keepVersion, trainFor } from '../_util/versions.ts';

const AT = new Date('2026-11-05T10:00:00Z');

describeOnEngines('files of model versions', (engine) => {
  let service: TestService;
  let model: HeadModel;
  beforeAll(async () => {
    service = await openTestService({ engine });
    model = await trainFor(service.context.encoder.info.hash);
    await keepVersion(service.database.kysely, 'v1', model);
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  const download = async (version: string) => {
    const response = await service.request(`/v1/models/${version}/file`);
    expect(response.status).toBe(200);
    return { headers: response.headers, bytes: new Uint8Array(await response.arrayBuffer()) };
  };
  const optionsFor = (target: TestService): ImportOptions => ({
    policy: target.context.policy,
    encoderHash: target.context.encoder.info.hash,
    actor: { kind: 'operator', command: 'models import' },
    by: 'lin',
    at: AT,
  });
  /** The file of `v1` with another head and another description. */
  const forge = async (change: { model?: HeadModel; encoder?: string }) => {
    const stored = await findStored(service.database.kysely, 'v1');
    if (stored === undefined) throw new Error('v1 is not there');
    const row = { ...stored.row, encoder_hash: change.encoder ?? stored.row.encoder_hash };
    return writeVersionFile({ row, packed: await packModel(change.model ?? model) });
  };

  test('one goes into another database, decides nothing until it is activated, and then decides', async () => {
    const { headers, bytes } = await download('v1');
    expect(headers.get('content-type')).toBe('application/octet-stream');
    expect(headers.get('content-disposition')).toBe('attachment; filename="feedback-triage-v1.model"');
    await using other = await openTestService({ engine });
    const { kysely } = other.database;
    expect(await importVersion(kysely, bytes, optionsFor(other))).toEqual({ version: 'v1', isNew: true });
    const [kept] = await listVersions(kysely);
    expect(kept).toMatchObject({
      version: 'v1',
      active: false,
      outcome: 'imported',
      corrections: 3,
      created_at: AT.toISOString(),
      report: { held_out: 5, note: '留出', imported: { trained_at: '2026-11-01T08:00:00.000Z', outcome: 'promoted' } },
    });
    const decide = async () => {
      const decided = (await (await other.post('/classify', { text: '提现没到账' })).json()) as {
        versions: { head: string };
      };
      return decided.versions.head;
    };
    expect(await decide()).toBe('test-head');
    expect((await other.post('/v1/models/v1/activate', undefined)).status).toBe(200);
    expect(await decide()).toBe('v1');

    // Once more changes nothing: neither what is kept nor what is in force.
    expect(await importVersion(kysely, bytes, optionsFor(other))).toEqual({ version: 'v1', isNew: false });
    expect(await listVersions(kysely)).toEqual([{ ...kept, active: true, pinned: true }]);
    const audit = await kysely.selectFrom('audit').select(['action', 'actor', 'change']).orderBy('seq').execute();
    expect(audit).toMatchObject([
      { action: 'model.imported', actor: { command: 'models import' }, change: { version: 'v1', by: 'lin' } },
      { action: 'model.activated' },
    ]);
  });

  test.each<[string, () => Promise<Uint8Array>, RegExp]>([
    ['nothing', async () => new Uint8Array(), /not a model version.*models export/],
    ['another kind of file', async () => Buffer.from('{"a": 1}\n'), /not a model version.*models export/],
    [
      'a later format',
      async () => Buffer.concat([Buffer.from('feedback-triage-model 2\n'), (await download('v1')).bytes]),
      /file format 2; this release reads format 1/,
    ],
    ['a file that was cut off', async () => (await download('v1')).bytes.slice(0, -1), /damaged.*SHA-256/],
    [
      'a byte that was changed',
      async () => (await download('v1')).bytes.map((byte, at) => (at === 400 ? byte ^ 1 : byte)),
      /damaged.*SHA-256/,
    ],
    [
      'another encoder',
      () => forge({ model: { ...model, encoderHash: 'f'.repeat(64) }, encoder: 'f'.repeat(64) }),
      /encoder ffffffffffff; accepted are versions for/,
    ],
    ['a head of another encoder', () => forge({ model: { ...model, encoderHash: 'f' } }), /damaged/],
    [
      'another taxonomy',
      () =>
        forge({
          model: { ...model, topics: { ...model.topics, labels: model.topics.labels.map((key) => `x_${key}`) } },
        }),
      /taxonomy taxonomy-1, whose topics are x_account_access.*accepted.*account_access/,
    ],
    ['a head that cannot be read', () => forge({ model: { ...model, format: 99 as never } }), /head cannot be read/],
  ])('%s is refused, and nothing is kept', async (_, makeFile, why) => {
    const { kysely } = service.database;
    const before = await listVersions(kysely);
    await expect(importVersion(kysely, await makeFile(), optionsFor(service))).rejects.toMatchObject({
      code: 'bad_data_file',
      message: expect.stringMatching(why),
    });
    expect(await listVersions(kysely)).toEqual(before);
  });

  test('there is none for a version that is not there', async () => {
    const response = await service.request('/v1/models/none/file');
    await expectProblem(response, { status: 404, code: 'not_found' });
  });
});
