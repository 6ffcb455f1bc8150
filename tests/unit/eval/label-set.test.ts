import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeLabelSet } from '../../../src/eval/label-set.ts';
import { readLabelledCsv } from '../../../src/eval/labelled-csv.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'feedback-triage-labels-'));
});
afterAll(() => rm(folder, { recursive: true }));

const write = async (content: string | Buffer) => {
  const file = path.join(folder, 'set.csv');
  await writeFile(file, content);
  return file;
};
const columns = { text: 'text', label: 'label' };

describe('a labelled CSV', () => {
  test('is read by column; rows without text or label are left out and named by line', async () => {
    const file = await write('id,label,text\n1,a,"one, two"\n2,,three\n3,b,  \n4,b,four\n');
    const { rows, problems } = await readLabelledCsv(file, columns);
    expect(rows).toEqual([
      { line: 2, text: 'one, two', label: 'a' },
      { line: 5, text: 'four', label: 'b' },
    ]);
    expect(problems).toEqual([
      { line: 3, problem: 'the label is empty' },
      { line: 4, problem: 'the text is empty' },
    ]);
  });

  test('in GB18030 is found out', async () => {
    const header = Buffer.from('text,label\n');
    // 我的账户被盗了
    const row = Buffer.concat([Buffer.from('ced2b5c4d5cbbba7b1bbb5c1c1cb', 'hex'), Buffer.from(',a\n')]);
    const file = await write(Buffer.concat([header, row]));
    const { rows, encoding } = await readLabelledCsv(file, columns);
    expect([encoding, rows[0]?.text]).toEqual(['gb18030', '我的账户被盗了']);
    await expect(readLabelledCsv(file, { ...columns, encoding: 'utf-8' })).rejects.toThrow(/encoding gb18030/);
  });

  test.each([
    ['has no such text column', 'words,label\nx,a\n', /no column "text".*words, label/],
    ['has no such label column', 'text,kind\nx,a\n', /no column "label".*text, kind/],
    ['is empty', '', /no row with a text and a label/],
    ['has a header only', 'text,label\n', /no row with a text and a label/],
  ])('that %s is refused', async (_name, content, message) => {
    await expect(readLabelledCsv(await write(content), columns)).rejects.toMatchObject({
      code: 'file_error',
      message: expect.stringMatching(message),
    });
  });
});

const rowsOf = (...pairs: [text: string, label: string][]) =>
  pairs.map(([text, label], at) => ({ line: at + 2, text, label }));

describe('a label set', () => {
  test('counts repeats once, keeps contradictions, and says what is odd', () => {
    const train = rowsOf(['x', 'a'], ['X', 'a'], ['x', 'b'], ['y', 'b'], ['z', 'c']);
    const set = makeLabelSet(train, rowsOf(['y', 'b'], ['q', 'd']), { seed: 1 });
    expect(set.train.map(({ text, label }) => text + label)).toEqual(['xa', 'xb', 'yb', 'zc']);
    expect(set.warnings).toEqual([
      '1 repeated training rows are counted once',
      '1 training texts stand under more than one label; they are kept under each',
      '2 labels (a, c) with one training example: nothing to hold out',
      'the label d only in the test: its 1 rows count as wrong',
      '1 test texts are in the training file too',
    ]);
  });

  test('draws as many per label as asked, the same for a seed', () => {
    const train = rowsOf(...Array.from({ length: 40 }, (_, at): [string, string] => [`t${at}`, at % 2 ? 'a' : 'b']));
    const draw = (seed: number) => makeLabelSet(train, [], { perClass: 3, seed }).train.map(({ text }) => text);
    expect(draw(1)).toHaveLength(6);
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  test('of one label, or of more than 1 000, is refused', () => {
    expect(() => makeLabelSet(rowsOf(['x', 'a'], ['y', 'a']), [], { seed: 1 })).toThrow(/one label only \(a\)/);
    const many = rowsOf(...Array.from({ length: 1_001 }, (_, at): [string, string] => [`t${at}`, `l${at}`]));
    expect(() => makeLabelSet(many, [], { seed: 1 })).toThrow(/1001 labels; at most 1000/);
  });

  test('texts that differ in width, case and blanks alone are the same', () => {
    const row = (text: string, label: string) => ({ line: 1, text, label });
    const train = [row('Ｗhere is it', 'a'), row(' where  is it ', 'a'), row('退款', 'b')];
    const { train: kept, warnings } = makeLabelSet(train, [row('退款 ', 'b')], { seed: 1 });
    expect(kept).toHaveLength(2);
    expect(warnings.join('\n')).toContain('1 test texts are in the training file too');
  });
});
