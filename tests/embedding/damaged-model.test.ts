import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig, PROJECT_ROOT } from '../../src/config.ts';
import { createEncoder } from '../../src/embedding/create.ts';

const SHIPPED = path.join(PROJECT_ROOT, 'models/multilingual-e5-small');
const LOADING_MS = 60_000;

let folder: string;
let logged: string[];
/** The shipped model by symbolic links, so that a test may replace one file of it. */
beforeEach(async () => {
  logged = [];
  folder = path.join(await mkdtemp(path.join(tmpdir(), 'encoder-')), 'my-model');
  await mkdir(path.join(folder, 'onnx'), { recursive: true });
  for (const name of [...(await readdir(SHIPPED)), 'onnx/model_quantized.onnx']) {
    if (name !== 'onnx') await symlink(path.join(SHIPPED, name), path.join(folder, name));
  }
});
afterEach(() => rm(path.dirname(folder), { recursive: true }));

function create(settings: Record<string, string> = {}) {
  const config = loadConfig({ MODEL_DIR: folder, ENCODER_SESSIONS: '1', ...settings });
  return createEncoder({ config, logger: pino({ level: 'warn' }, { write: (line: string) => logged.push(line) }) });
}

async function replace(name: string, content: string): Promise<void> {
  await rm(path.join(folder, name));
  await writeFile(path.join(folder, name), content);
}

describe('a model that is not what its manifest says', () => {
  test(
    'one changed character in tokenizer.json stops the start, though it would load',
    async () => {
      const text = await readFile(path.join(SHIPPED, 'tokenizer.json'), 'utf8');
      const at = text.lastIndexOf('-1');
      await replace('tokenizer.json', `${text.slice(0, at)}-2${text.slice(at + 2)}`);
      const failed = create();
      await expect(failed).rejects.toMatchObject({ code: 'model_damaged' });
      await expect(failed).rejects.toThrow(
        /tokenizer\.json has SHA-256 [0-9a-f]{64}; the manifest says [0-9a-f]{64}.*MODEL_DIR/,
      );
    },
    LOADING_MS,
  );

  test(
    'cut weights are named with their sizes, not with what the loader made of them',
    async () => {
      await replace('onnx/model_quantized.onnx', 'cut');
      await expect(create()).rejects.toThrow(/model_quantized\.onnx has 3 bytes; the manifest says 83995044/);
    },
    LOADING_MS,
  );

  test('a missing folder is named at once', async () => {
    await expect(create({ MODEL_DIR: path.join(folder, 'nowhere') })).rejects.toMatchObject({
      code: 'model_damaged',
      message: expect.stringContaining('nowhere is missing'),
    });
  });
});

describe('a model of one’s own, without a manifest', () => {
  test(
    'is used as it is, with a warning, and has the hash of the same files with one',
    async () => {
      const checked = await create();
      await rm(path.join(folder, 'manifest.json'));
      const unchecked = await create();
      expect(unchecked.info).toEqual(checked.info);
      expect(unchecked.info.id).toBe('my-model');
      expect(logged).toHaveLength(1);
      expect(logged[0]).toContain('has no manifest.json');
      await Promise.all([checked, unchecked].map((encoder) => encoder[Symbol.asyncDispose]()));
    },
    LOADING_MS,
  );

  test(
    'weights that are none are refused, and the log says why',
    async () => {
      await rm(path.join(folder, 'manifest.json'));
      await replace('onnx/model_quantized.onnx', 'not weights');
      await expect(create()).rejects.toMatchObject({ code: 'encoder_unavailable' });
      expect(logged.join('')).toMatch(/could not load: .*model_quantized\.onnx/);
    },
    LOADING_MS,
  );
});

describe('settings that do not fit the model', () => {
  test(
    'an output that it does not have',
    async () => {
      await expect(create({ MODEL_POOLING: 'mean' })).rejects.toMatchObject({ code: 'encoder_unavailable' });
      expect(logged.join('')).toMatch(/no output last_hidden_state.*MODEL_POOLING/);
    },
    LOADING_MS,
  );

  test(
    'weights that it does not have',
    async () => {
      await expect(create({ MODEL_DTYPE: 'fp32' })).rejects.toThrow(/onnx\/model\.onnx is missing/);
    },
    LOADING_MS,
  );

  test('a kind of weights that nobody has', async () => {
    await expect(create({ MODEL_DTYPE: 'q99' })).rejects.toMatchObject({
      code: 'bad_configuration',
      errors: [{ pointer: 'MODEL_DTYPE', message: expect.stringContaining('fp32') }],
    });
  });
});

test(
  'a model of the hub that was downloaded before is loaded without the network',
  async () => {
    const data = path.join(path.dirname(folder), 'data');
    const cached = path.join(data, 'models', 'acme', 'e5');
    await mkdir(path.join(cached, 'onnx'), { recursive: true });
    for (const name of ['config.json', 'tokenizer_config.json']) {
      await copyFile(path.join(SHIPPED, name), path.join(cached, name));
    }
    for (const name of ['tokenizer.json', 'onnx/model_quantized.onnx']) {
      await symlink(path.join(SHIPPED, name), path.join(cached, name));
    }
    const encoder = await create({ MODEL_SOURCE: 'hub', MODEL_DIR: 'acme/e5', DATA_DIR: data });
    expect((await encoder.embed('hello')).vector).toHaveLength(384);
    await encoder[Symbol.asyncDispose]();
  },
  LOADING_MS,
);
