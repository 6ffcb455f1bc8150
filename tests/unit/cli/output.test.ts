import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openOutput } from '../../../src/cli/output.ts';
import { makeFolder } from '../../_util/db.ts';

let root: Awaited<ReturnType<typeof makeFolder>>;
beforeAll(async () => {
  root = await makeFolder();
});
afterAll(() => root[Symbol.asyncDispose]());

async function makeTarget(name: string) {
  const folder = path.join(root.folder, name);
  await mkdir(folder);
  return { folder, file: path.join(folder, 'out.jsonl') };
}

test('a file appears when it is complete', async () => {
  const { folder, file } = await makeTarget('whole');
  {
    await using output = await openOutput(file);
    await output?.write('one\n');
    expect(await readdir(folder)).not.toContain('out.jsonl');
    await output?.write('二\n');
    await output?.commit();
  }
  expect(await readdir(folder)).toEqual(['out.jsonl']);
  expect(await readFile(file, 'utf8')).toBe('one\n二\n');
});

test('without commit nothing appears, and what was there stays', async () => {
  const { folder, file } = await makeTarget('half');
  await writeFile(file, 'old');
  const work = async () => {
    await using output = await openOutput(file);
    await output?.write('new');
    throw new Error('stopped');
  };
  await expect(work()).rejects.toThrow('stopped');
  expect(await readdir(folder)).toEqual(['out.jsonl']);
  expect(await readFile(file, 'utf8')).toBe('old');
});

test('a file that exists is replaced, with its rights', async () => {
  const { file } = await makeTarget('replace');
  await writeFile(file, 'old');
  await chmod(file, 0o644);
  {
    await using output = await openOutput(file);
    await output?.write('new');
    await output?.commit();
  }
  expect(await readFile(file, 'utf8')).toBe('new');
});

test('a folder that is not there is told', async () => {
  await expect(openOutput(path.join(root.folder, 'missing', 'out.jsonl'))).rejects.toMatchObject({
    code: 'file_error',
    message: expect.stringContaining('missing'),
  });
});

test('a target that is a folder is told, and nothing is left beside it', async () => {
  const { folder } = await makeTarget('target');
  const file = path.join(folder, 'sub');
  await mkdir(file);
  const work = async () => {
    await using output = await openOutput(file);
    await output?.write('new');
    await output?.commit();
  };
  await expect(work()).rejects.toMatchObject({ code: 'file_error' });
  expect(await readdir(folder)).toEqual(['sub']);
});

test('no file is wanted: there is none', async () => {
  expect(await openOutput(undefined)).toBeUndefined();
});
