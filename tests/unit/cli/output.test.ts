import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, open, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Output, openOutput } from '../../../src/cli/output.ts';
import { makeFolder } from '../../_util/db.ts';

let root: Awaited<ReturnType<typeof makeFolder>>;
beforeAll(async () => {
  root = await makeFolder();
});
afterAll(() => root[Symbol.asyncDispose]());

const never = new AbortController().signal;

async function makeTarget(name: string) {
  const folder = path.join(root.folder, name);
  await mkdir(folder);
  return { folder, file: path.join(folder, 'out.jsonl') };
}

async function openFile(file: string, signal = never): Promise<Output> {
  const output = await openOutput(file, signal);
  if (output === undefined) throw new Error('no output');
  return output;
}

async function writeWhole(file: string, ...texts: string[]): Promise<void> {
  await using output = await openFile(file);
  for (const text of texts) await output.write(text);
  await output.commit();
}

describe('a file', () => {
  test('appears when it is complete', async () => {
    const { folder, file } = await makeTarget('whole');
    {
      await using output = await openFile(file);
      expect(output.isWhole).toBe(true);
      await output.write('one\n');
      expect(await readdir(folder)).not.toContain('out.jsonl');
      await output.write('二\n');
      await output.commit();
    }
    expect(await readdir(folder)).toEqual(['out.jsonl']);
    expect(await readFile(file, 'utf8')).toBe('one\n二\n');
  });

  test('without commit does not appear, and what was there stays', async () => {
    const { folder, file } = await makeTarget('half');
    await writeFile(file, 'old');
    const work = async () => {
      await using output = await openFile(file);
      await output.write('new');
      throw new Error('stopped');
    };
    await expect(work()).rejects.toThrow('stopped');
    expect(await readdir(folder)).toEqual(['out.jsonl']);
    expect(await readFile(file, 'utf8')).toBe('old');
  });

  test('that exists is replaced and keeps its rights', async () => {
    const { file } = await makeTarget('replace');
    await writeFile(file, 'old');
    await chmod(file, 0o640);
    await writeWhole(file, 'new');
    expect(await readFile(file, 'utf8')).toBe('new');
    expect((await stat(file)).mode & 0o777).toBe(0o640);
  });

  test('takes texts of any length whole', async () => {
    const { file } = await makeTarget('long');
    const long = '长'.repeat(3_000_000);
    await writeWhole(file, long, 'end');
    expect(await readFile(file, 'utf8')).toBe(`${long}end`);
  });
});

describe('a symbolic link', () => {
  test('stays one; its target is written, also through a second link', async () => {
    const { folder, file } = await makeTarget('link');
    const elsewhere = path.join(folder, 'elsewhere');
    await mkdir(elsewhere);
    const target = path.join(elsewhere, 'target.jsonl');
    await writeFile(target, 'old');
    await symlink('elsewhere/target.jsonl', path.join(folder, 'second'));
    await symlink('second', file);
    await writeWhole(file, 'new');
    expect(await readlink(file)).toBe('second');
    expect(await readFile(target, 'utf8')).toBe('new');
    expect(await readdir(elsewhere)).toEqual(['target.jsonl']);
  });

  test('to a file that is not there yet makes that file', async () => {
    const { folder, file } = await makeTarget('dangling');
    await symlink('made.jsonl', file);
    await writeWhole(file, 'new');
    expect(await readlink(file)).toBe('made.jsonl');
    expect(await readFile(path.join(folder, 'made.jsonl'), 'utf8')).toBe('new');
  });

  test('to itself is told', async () => {
    const { folder, file } = await makeTarget('loop');
    await symlink('out.jsonl', file);
    await expect(openFile(file)).rejects.toMatchObject({ code: 'file_error' });
    expect(await readdir(folder)).toEqual(['out.jsonl']);
  });
});

describe('a named pipe', () => {
  async function makePipe(name: string) {
    const { folder, file } = await makeTarget(name);
    execFileSync('mkfifo', [file]);
    return { folder, file };
  }

  test('gets each text at once and stays a pipe', async () => {
    const { folder, file } = await makePipe('pipe');
    const opening = openFile(file);
    const reader = await open(file, 'r');
    {
      await using output = await opening;
      expect(output.isWhole).toBe(false);
      await output.write('one\n');
      expect((await reader.read()).buffer.toString('utf8', 0, 4)).toBe('one\n');
      const long = 'x'.repeat(200_000);
      const writing = output.write(long);
      let got = 0;
      while (got < long.length) got += (await reader.read()).bytesRead;
      await writing;
      await output.commit();
    }
    expect((await reader.read()).bytesRead).toBe(0);
    await reader.close();
    expect((await stat(file)).isFIFO()).toBe(true);
    expect(await readdir(folder)).toEqual(['out.jsonl']);
  });

  test('without a reader is waited for, until it is stopped', async () => {
    const { file } = await makePipe('unread');
    const stop = new AbortController();
    const opening = openFile(file, stop.signal);
    stop.abort();
    await expect(opening).rejects.toThrow();
  });

  test('with a reader that does not read does not hold a stop back', async () => {
    const { file } = await makePipe('slow');
    const stop = new AbortController();
    const opening = openFile(file, stop.signal);
    const reader = await open(file, 'r');
    const output = await opening;
    const writing = output.write('x'.repeat(1_000_000));
    stop.abort(new Error('enough'));
    await expect(writing).rejects.toThrow('enough');
    await output[Symbol.asyncDispose]();
    await reader.close();
  });

  test('whose reader leaves is told by name', async () => {
    const { file } = await makePipe('left');
    const opening = openFile(file);
    const reader = await open(file, 'r');
    await using output = await opening;
    await reader.close();
    await expect(output.write('x')).rejects.toMatchObject({
      code: 'file_error',
      message: `${file} cannot be written: nobody reads it any more.`,
    });
  });
});

describe('what cannot be written', () => {
  // A device of Linux that is always full.
  test.runIf(existsSync('/dev/full'))('a full disk is told by name', async () => {
    await using output = await openFile('/dev/full');
    expect(output.isWhole).toBe(false);
    await expect(output.write('x')).rejects.toMatchObject({
      code: 'storage_full',
      message: 'The disk is full: /dev/full could not be written.',
    });
  });

  test('a folder that is not there', async () => {
    const file = path.join(root.folder, 'missing', 'out.jsonl');
    await expect(openFile(file)).rejects.toMatchObject({
      code: 'file_error',
      message: `${file} cannot be written: the folder is missing.`,
    });
  });

  test('a target that is a folder; nothing is left beside it', async () => {
    const { folder } = await makeTarget('target');
    const file = path.join(folder, 'sub');
    await mkdir(file);
    await expect(openFile(file)).rejects.toMatchObject({ code: 'file_error' });
    expect(await readdir(folder)).toEqual(['sub']);
  });

  test('no file is wanted: there is none', async () => {
    expect(await openOutput(undefined, never)).toBeUndefined();
  });
});
