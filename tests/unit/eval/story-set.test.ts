import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readLabelledCsv } from '../../../src/eval/labelled-csv.ts';
import { readStories } from '../../../src/eval/story-set.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'stories-'));
});
afterAll(() => rm(folder, { recursive: true }));

const write = async (text: string) => {
  const file = path.join(folder, 'set');
  await writeFile(file, text);
  return file;
};
const line = (more: object) =>
  JSON.stringify({ id: 'a', ts: '2026-09-01T09:00:00Z', customer_id: 'c', text: 'no chart', story: 's', ...more });
const stories = async (...lines: readonly string[]) => await readStories(await write(lines.join('\n')));

test('stories are read in the order of their times, whatever that of the file and its zones', async () => {
  const read = await stories(
    line({ id: 'late', ts: '2026-09-01T12:00:00Z' }),
    line({ id: 'first', ts: '2026-09-01T12:00:00+08:00' }),
    '',
    line({ id: 3, ts: '2026-09-01T08:00:00Z', customer_id: null, story: null }),
  );
  expect(read.map(({ id }) => id)).toEqual(['first', '3', 'late']);
  expect(read[1]).toMatchObject({ customer_id: undefined, story: undefined });
});

test('a file of stories that cannot be fed says why', async () => {
  await expect(stories('')).rejects.toThrow(/holds no message/u);
  await expect(stories(line({}), line({ text: 'other' }))).rejects.toThrow(/id "a" stands there twice/u);
  await expect(stories(line({}), line({ id: 'b', ts: '1 September' }))).rejects.toThrow(/line 2: ts/u);
  await expect(stories(line({ text: '  ' }))).rejects.toThrow(/line 1: text: must not be empty/u);
  await expect(stories('{"id":')).rejects.toThrow(/line 1: not valid JSON/u);
  await expect(readStories(path.join(folder, 'none'))).rejects.toThrow(/there is no such file/u);
});

test('a labelled CSV without rows or columns to compare says why, and one label is enough', async () => {
  const read = async (text: string) => await readLabelledCsv(await write(text), { text: 'text', label: 'label' });
  await expect(read('')).rejects.toThrow(/set/u);
  await expect(read('text,label\n')).rejects.toThrow(/no row with a text and a label/u);
  await expect(read('text,kind\na,b\n')).rejects.toThrow(/no column "label". It has: text, kind/u);
  const { rows, problems } = await read('text,label\na,one\nb,one\n,one\nc,\n');
  expect(rows.map(({ label }) => label)).toEqual(['one', 'one']);
  expect(problems.map(({ problem }) => problem)).toEqual(['the text is empty', 'the label is empty']);
});
