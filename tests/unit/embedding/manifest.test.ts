import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type FingerprintSettings,
  fingerprint,
  loadedFiles,
  type WeightKind,
} from '../../../src/embedding/fingerprint.ts';
import { checkSizes, hashFiles, readManifest } from '../../../src/embedding/manifest.ts';

const FILES = {
  'config.json': '{}',
  'tokenizer.json': '{"version":"1.0"}',
  'tokenizer_config.json': '{"model_max_length":512}',
  'onnx/model_quantized.onnx': 'weights '.repeat(100_000),
  'golden.json': '{"items":[]}',
};
const settings: FingerprintSettings & { MODEL_DTYPE: WeightKind } = {
  MODEL_DTYPE: 'q8',
  MODEL_POOLING: 'sentence_embedding',
  MODEL_QUERY_PREFIX: 'query: ',
  MODEL_PASSAGE_PREFIX: 'passage: ',
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'model-'));
  await mkdir(path.join(folder, 'onnx'));
  for (const [name, content] of Object.entries(FILES)) await writeFile(path.join(folder, name), content);
  const entries = Object.entries(FILES).map(([name, content]) => [
    name,
    { bytes: content.length, sha256: sha256(content) },
  ]);
  await writeFile(path.join(folder, 'manifest.json'), JSON.stringify(Object.fromEntries(entries)));
});
afterEach(() => rm(folder, { recursive: true }));

const sha256 = (content: string) => createHash('sha256').update(content).digest('hex');
/** What the service does at its start. */
async function check(changed: Partial<typeof settings> = {}): Promise<string> {
  const manifest = (await readManifest(folder)) ?? {};
  const all = { ...settings, ...changed };
  const loaded = await loadedFiles(folder, all.MODEL_DTYPE);
  await checkSizes(folder, manifest, loaded);
  return fingerprint(loaded, await hashFiles(folder, manifest, loaded), all);
}

describe('a folder with a manifest', () => {
  test('whole, gives one hash, which changes with whatever changes the vectors', async () => {
    const hash = await check();
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await check()).toBe(hash);
    const others = await Promise.all([
      check({ MODEL_POOLING: 'mean' }),
      check({ MODEL_QUERY_PREFIX: '' }),
      check({ MODEL_PASSAGE_PREFIX: '' }),
    ]);
    expect(new Set([hash, ...others]).size).toBe(4);
  });

  test.each(Object.keys(FILES))('one changed byte in %s is found', async (name) => {
    const content = FILES[name as keyof typeof FILES];
    const changed = `${content.slice(0, -1)}#`;
    await writeFile(path.join(folder, name), changed);
    await expect(check()).rejects.toMatchObject({ code: 'model_damaged' });
    await expect(check()).rejects.toThrow(
      new RegExp(`${name} has SHA-256 ${sha256(changed)}.*${sha256(content)}.*git checkout`),
    );
  });

  test('a shortened file is named with both sizes', async () => {
    await writeFile(path.join(folder, 'tokenizer.json'), '{"version"');
    await expect(check()).rejects.toThrow(/tokenizer\.json has 10 bytes; the manifest says 17/);
  });

  test('a missing file is named', async () => {
    await rm(path.join(folder, 'onnx/model_quantized.onnx'));
    await expect(check()).rejects.toThrow(/model_quantized\.onnx is missing/);
  });

  test('weights of another kind that are not there are named', async () => {
    await expect(check({ MODEL_DTYPE: 'fp32' })).rejects.toThrow(/onnx\/model\.onnx is missing/);
  });

  test.each(['not json', '[]', '{"config.json":{"bytes":2}}'])('a manifest that says %s is refused', async (text) => {
    await writeFile(path.join(folder, 'manifest.json'), text);
    await expect(check()).rejects.toMatchObject({ code: 'model_damaged' });
  });
});

test('without a manifest the same files give the same hash', async () => {
  const hash = await check();
  await rm(path.join(folder, 'manifest.json'));
  expect(await readManifest(folder)).toBeUndefined();
  expect(await check()).toBe(hash);
  await writeFile(path.join(folder, 'config.json'), '{"x":1}');
  expect(await check()).not.toBe(hash);
});

test('a folder that is not there is named', async () => {
  const missing = path.join(folder, 'elsewhere');
  await expect(readManifest(missing)).rejects.toMatchObject({ code: 'model_damaged' });
  await expect(readManifest(missing)).rejects.toThrow(/elsewhere is missing/);
});
