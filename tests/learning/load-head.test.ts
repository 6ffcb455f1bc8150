import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFakeEncoder } from '../../src/embedding/fake.ts';
import { type HeadSources, loadHead } from '../../src/learning/load-head.ts';
import { packVectors, readSeedVectors, textKey } from '../../src/learning/seed-vectors.ts';
import { readDocument } from '../../src/triage/document.ts';
import { type TestLearning, testLearning } from '../_util/context.ts';
import { makeFolder } from '../_util/db.ts';

const SEEDS = 60;
const TEXT = '提现三天没到账，客服不理我';

let learning: TestLearning;
let root: Awaited<ReturnType<typeof makeFolder>>;
let count = 0;
beforeAll(async () => {
  learning = await testLearning();
  root = await makeFolder();
});
afterAll(() => root[Symbol.asyncDispose]());

/** The shipped policy with a few of its seeds, a fake encoder and a data folder that nobody has used. */
function makeSources(changes: Partial<HeadSources> = {}) {
  const logged: string[] = [];
  const { policy, segmenter } = learning;
  const step = Math.floor(policy.seeds.length / SEEDS);
  const sources: HeadSources = {
    policy: { ...policy, seeds: policy.seeds.filter((_, at) => at % step === 0).slice(0, SEEDS) },
    segmenter,
    encoder: createFakeEncoder(),
    dataDir: path.join(root.folder, `data-${++count}`),
    seedVectors: path.join(root.folder, 'none.bin'),
    logger: pino({ level: 'trace' }, { write: (line: string) => logged.push(line) }),
    ...changes,
  };
  return { sources, logged };
}

const headsOf = (sources: HeadSources) => path.join(sources.dataDir, 'heads');
async function decide({ head }: Awaited<ReturnType<typeof loadHead>>) {
  const document = readDocument(learning.segmenter, { text: TEXT });
  return head.predict(document, (await createFakeEncoder().embed(TEXT)).vector);
}

describe('the head', () => {
  test('is trained at the first start, kept, and read at the next', async () => {
    const { sources } = makeSources();
    const first = await loadHead(sources);
    const second = await loadHead(sources);
    expect([first.trained, second.trained]).toEqual([true, false]);
    expect(first.version).toMatch(/^[0-9a-f]{12}$/);
    expect(second.version).toBe(first.version);
    expect(await decide(second)).toEqual(await decide(first));
    expect(await readdir(headsOf(sources))).toEqual([`${first.version}.head`]);
  });

  test('that is damaged on disk is trained again and told', async () => {
    const { sources, logged } = makeSources();
    const first = await loadHead(sources);
    const file = path.join(headsOf(sources), `${first.version}.head`);
    const whole = await readFile(file);
    const flip = (at: number) => Buffer.from(whole.map((byte, index) => (index === at ? byte ^ 1 : byte)));
    const damages = {
      'a changed byte': flip(whole.length - 1),
      'a changed checksum': flip(0),
      'half of it': whole.subarray(0, whole.length / 2),
      'less than its checksum': whole.subarray(0, 20),
      nothing: Buffer.alloc(0),
    };
    for (const [name, bytes] of Object.entries(damages)) {
      await writeFile(file, bytes);
      logged.length = 0;
      const again = await loadHead(sources);
      expect({ name, trained: again.trained, told: logged.join('').includes('damaged') }).toEqual({
        name,
        trained: true,
        told: true,
      });
      expect(await decide(again)).toEqual(await decide(first));
      expect((await readFile(file)).equals(whole)).toBe(true);
    }
  });

  test('is another for another encoder, other labels and other seeds', async () => {
    const { sources } = makeSources();
    const { policy } = sources;
    const versions = await Promise.all([
      loadHead(sources),
      loadHead({ ...sources, encoder: createFakeEncoder({ dimensions: 64 }) }),
      loadHead({ ...sources, policy: { ...policy, versions: { ...policy.versions, seeds: 'other' } } }),
      loadHead({ ...sources, policy: { ...policy, versions: { ...policy.versions, taxonomy: 'other' } } }),
    ]);
    expect(new Set(versions.map(({ version }) => version)).size).toBe(4);
    expect(versions.every(({ trained }) => trained)).toBe(true);
    const { versions: same } = policy;
    const rules = { ...sources, policy: { ...policy, versions: { ...same, rules: 'other' } } };
    expect((await loadHead(rules)).trained).toBe(false);
  });

  test('is trained all the same where it cannot be kept', async () => {
    const { sources, logged } = makeSources({ dataDir: root.folder });
    await symlink(path.join(root.folder, 'nowhere', 'at', 'all'), headsOf(sources));
    expect((await loadHead(sources)).trained).toBe(true);
    expect(logged.join('')).toContain('could not be kept');
    expect((await readdir(root.folder)).filter((name) => name.includes('.head'))).toEqual([]);
  });

  test('tells how far its training is', async () => {
    const steps: string[] = [];
    const { sources } = makeSources({ onProgress: (done, total) => steps.push(`${done}/${total}`) });
    await loadHead(sources);
    const { types, topics, risk_flags } = sources.policy.taxonomy;
    const labels = types.length + topics.length + risk_flags.length;
    const embedded = Array.from({ length: SEEDS }, (_, at) => `${at + 1}/${SEEDS}`);
    expect(steps).toEqual([...embedded, ...Array.from({ length: labels }, (_, at) => `${at + 1}/${labels}`)]);
  });
});

describe('stopping', () => {
  test.each([
    ['before it begins', 0],
    ['while the examples are embedded', SEEDS / 2],
    ['while it learns', SEEDS + 5],
  ])('%s ends it with the reason, and keeps nothing', async (_name, after) => {
    const stop = new AbortController();
    let steps = 0;
    const stopWhenDue = () => {
      if (steps++ >= after) stop.abort(new Error('stopped by SIGINT'));
    };
    if (after === 0) stopWhenDue();
    const { sources } = makeSources({ signal: stop.signal, onProgress: stopWhenDue });
    await expect(loadHead(sources)).rejects.toThrow('stopped by SIGINT');
    await expect(readdir(headsOf(sources))).rejects.toThrow('ENOENT');
    expect(process.getActiveResourcesInfo()).not.toContain('Worker');
    expect((await loadHead({ ...sources, signal: undefined })).trained).toBe(true);
  });
});

describe('vectors carried with the seeds', () => {
  const hash = createFakeEncoder().info.hash;

  async function packed(file: string) {
    const { sources } = makeSources();
    const encoder = createFakeEncoder();
    const vectors = await Promise.all(
      sources.policy.seeds.map(async ({ text }) => {
        const masked = readDocument(sources.segmenter, { text }).masked.text;
        return [textKey(masked), (await encoder.embed(masked)).vector] as const;
      }),
    );
    const bytes = packVectors(hash, new Map(vectors));
    await writeFile(file, bytes);
    return { bytes, vectors: new Map(vectors) };
  }

  test('come back nearly as they were, and spare the encoder its work', async () => {
    const file = path.join(root.folder, 'whole.bin');
    const { vectors } = await packed(file);
    const { sources } = makeSources({ seedVectors: file });
    const read = await readSeedVectors(file, hash, sources.logger);
    expect([...read.keys()].sort()).toEqual([...vectors.keys()].sort());
    for (const [key, vector] of read) {
      const original = vectors.get(key) ?? new Float32Array();
      const cosine = vector.reduce((sum, value, at) => sum + value * (original[at] ?? 0), 0) / Math.hypot(...vector);
      expect(cosine).toBeGreaterThan(0.999);
    }
    expect((await loadHead(sources)).trained).toBe(true);
    expect(sources.encoder.stats().cacheMisses).toBe(0);
  });

  test.each<[string, (bytes: Buffer) => Buffer, boolean]>([
    [
      'made with another encoder',
      (bytes) => Buffer.from(bytes.toString('latin1').replace(hash, 'other'), 'latin1'),
      false,
    ],
    ['cut short', (bytes) => bytes.subarray(0, -5), true],
    ['cut in its first line', (bytes) => bytes.subarray(0, 20), true],
    ['empty', () => Buffer.alloc(0), true],
    ['no vectors at all', () => Buffer.from('hello\nworld'), true],
  ])('are computed when the file is %s', async (name, damage, isTold) => {
    const file = path.join(root.folder, `${name}.bin`);
    const { bytes } = await packed(file);
    await writeFile(file, damage(bytes));
    const { sources, logged } = makeSources({ seedVectors: file });
    expect((await loadHead(sources)).trained).toBe(true);
    expect(sources.encoder.stats().cacheMisses).toBe(SEEDS);
    expect(logged.some((line) => line.includes('vectors of the seed examples'))).toBe(isTold);
  });
});
