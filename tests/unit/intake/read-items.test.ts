import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { detectDelimiter } from '../../../src/intake/read-csv.ts';
import { checkReadable, type FileItem, type ReadOptions, readItems } from '../../../src/intake/read-items.ts';
import { makeFolder } from '../../_util/db.ts';

let root: Awaited<ReturnType<typeof makeFolder>>;
let count = 0;
beforeAll(async () => {
  root = await makeFolder();
});
afterAll(() => root[Symbol.asyncDispose]());

async function read(name: string, content: string | Buffer, options: Partial<ReadOptions> = {}): Promise<FileItem[]> {
  const file = path.join(root.folder, `${++count}-${name}`);
  await writeFile(file, content);
  const items: FileItem[] = [];
  for await (const item of readItems({ file, encoding: 'utf-8', ...options })) items.push(item);
  return items;
}
/** `line text`, or `line !problem`. */
const brief = (items: FileItem[]) =>
  items.map((item) => `${item.line} ${'problem' in item ? `!${item.problem}` : item.request.text}`);
const gb18030 = (...bytes: number[]) => Buffer.from(bytes);
/** 我 and 好 in GB18030. */
const WO = [0xce, 0xd2];
const HAO = [0xba, 0xc3];

describe('JSON Lines', () => {
  test('give whole items; blank lines and unknown keys are passed over; a byte order mark and CRLF do no harm', async () => {
    const items = await read(
      'a.jsonl',
      '\ufeff{"text":"你好","channel":"chat","rating":3,"extra":{"a":1}}\r\n\r\n"only a text"\n   \n{"text":"last"}',
    );
    expect(brief(items)).toEqual(['1 你好', '3 only a text', '5 last']);
    expect(items[0]).toEqual({
      line: 1,
      request: { text: '你好', channel: 'chat', rating: 3, source: 'api' },
    });
  });

  test('a bad line is told by its number, the others go on', async () => {
    const items = await read(
      'b.jsonl',
      '{"text":"a"}\n{broken\n{"text":""}\n[1]\n{"text":"b","rating":11}\n{"text":"c"}\n',
    );
    expect(items.map((item) => [item.line, 'problem' in item])).toEqual([
      [1, false],
      [2, true],
      [3, true],
      [4, true],
      [5, true],
      [6, false],
    ]);
    expect(brief(items)).toContain('2 !not valid JSON');
    expect(brief(items)).toContain('3 !text: must not be empty');
    expect(brief(items)[4]).toMatch(/^5 !rating: /);
  });

  test('bytes of another encoding spoil their own line only', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"text":"a"}\n'),
      gb18030(0x22, ...WO, 0x22, 0x0a),
      Buffer.from('"b"\n'),
    ]);
    const items = await read('c.jsonl', bytes);
    expect(items.map((item) => 'problem' in item)).toEqual([false, true, false]);
    expect(brief(items)[1]).toContain('gb18030');
  });

  test('in GB18030 with a name, and with a wrong name', async () => {
    const bytes = gb18030(0x22, ...WO, ...HAO, 0x22, 0x0a);
    expect(brief(await read('d.jsonl', bytes, { encoding: 'gb18030' }))).toEqual(['1 我好']);
    const wrong = read('e.jsonl', bytes, { encoding: 'klingon' });
    await expect(wrong).rejects.toMatchObject({ code: 'file_error', message: expect.stringContaining('klingon') });
  });

  test('lines that cross the blocks of the file are whole', async () => {
    const texts = Array.from({ length: 30 }, (_, at) => `${at} ${'好'.repeat(9_000 + at)}`);
    const items = await read('f.jsonl', texts.map((text) => JSON.stringify({ text })).join('\n'));
    expect(brief(items)).toEqual(texts.map((text, at) => `${at + 1} ${text}`));
  });

  test('a line of more than 1 MiB is told by its number, wherever it stands; the others go on', async () => {
    const long = 'x'.repeat(1_048_577);
    const problem = '!longer than 1 MiB';
    expect(brief(await read('g.jsonl', `"a"\n${long}\n"b"\n${long}${long}\n\n"c"\n${long}`))).toEqual([
      '1 a',
      `2 ${problem}`,
      '3 b',
      `4 ${problem}`,
      '6 c',
      `7 ${problem}`,
    ]);
    // One byte less is read, and refused for what it holds.
    expect(brief(await read('h.jsonl', `${long.slice(1)}\n"b"\n`))).toEqual(['1 !not valid JSON', '2 b']);
  });
});

describe('plain lines', () => {
  test('are one message each; the first line tells what a file without a telling name is', async () => {
    expect(brief(await read('a.txt', 'hello\n\n  你好  \n{"text":"x"}\n'))).toEqual([
      '1 hello',
      '3   你好  ',
      '4 {"text":"x"}',
    ]);
    expect(brief(await read('b.txt', '\n {"text":"x"}\nhello\n'))).toEqual(['2 x', '3 !not valid JSON']);
    expect(brief(await read('c.txt', '{"text":"x"}', { format: 'lines' }))).toEqual(['1 {"text":"x"}']);
  });

  test('nothing in, nothing out', async () => {
    for (const name of ['a.txt', 'a.jsonl', 'a.csv']) {
      expect(await read(name, '')).toEqual([]);
      expect(await read(name, '\n\n')).toEqual([]);
    }
  });

  test('control characters alone are no message', async () => {
    expect(brief(await read('d.txt', 'a\n\u0007\u200b\n'))[1]).toMatch(/^2 !text: must hold/);
  });
});

describe('CSV', () => {
  test('its columns become fields, empty cells and unknown columns do not', async () => {
    const items = await read(
      'a.csv',
      'text,subject,channel,rating,customer_ref,customer_email,customer_tier,prior_contacts,external_id,metadata,toString\n' +
        '你好,主题,email,7,c-1,li@example.com,vip,2,x-1,{},y\nbye,,,,,,,,,,\n' +
        'bad,,,,,li at example,,,,,\n',
    );
    expect(items).toEqual([
      {
        line: 2,
        request: {
          text: '你好',
          subject: '主题',
          channel: 'email',
          rating: 7,
          source: 'api',
          external_id: 'x-1',
          customer: { ref: 'c-1', email: 'li@example.com', tier: 'vip', prior_contacts_same_matter: 2 },
        },
      },
      { line: 3, request: { text: 'bye', channel: 'other', source: 'api' } },
      { line: 4, problem: expect.stringMatching(/^customer\.email: must be an address such as/u) },
    ]);
  });

  test.each<[string, string, string[]]>([
    ['commas', 'id,text\n1,"Hello, world; again\there"\n2,慢; 很慢\n', ['2 Hello, world; again\there', '3 慢; 很慢']],
    ['semicolons', 'id;text\n1;Hello, world\n2;"a; b"\n', ['2 Hello, world', '3 a; b']],
    ['tabs', 'id\ttext\n1\tHello, world; again\n', ['2 Hello, world; again']],
    ['one column only', 'text\nHello; world\n"Hello, world"\n', ['2 Hello; world', '3 Hello, world']],
    ['a quoted header', '"id","a;b;c;d","text"\n1,2,ok\n', ['2 ok']],
  ])('%s between the columns, other signs inside of the texts', async (_name, content, expected) => {
    expect(brief(await read('b.csv', content))).toEqual(expected);
  });

  test('text that is cut by its own comma is a bad line, not half a message', async () => {
    const items = brief(await read('c.csv', 'id,text\n1,Hello, world\n2,fine\n3\n4,ok,,\n'));
    expect(items[0]).toMatch(/^2 !has more columns/);
    expect(items.slice(1)).toEqual(['3 fine', expect.stringMatching(/^4 !text/), '5 ok']);
  });

  test('quotes, also stray ones, and lines within them', async () => {
    const items = await read('d.csv', 'text,id\n"two\nlines, ""quoted""",1\n他说"你好",2\n');
    expect(brief(items)).toEqual(['3 two\nlines, "quoted"', '4 他说"你好"']);
  });

  test('another column by its name, with a byte order mark and CRLF', async () => {
    const content = '\ufeff内容,text\r\n你好,ignored\r\n';
    expect(brief(await read('e.csv', content, { textColumn: '内容' }))).toEqual(['2 你好']);
    expect(brief(await read('f.tsv', '内容\tid\n你好\t1\n', { textColumn: '内容' }))).toEqual(['2 你好']);
  });

  test.each([
    ['with rows', 'message,id\nhello,1\n'],
    ['without rows', 'message,id\n'],
  ])('without the column is refused, naming those it has: %s', async (_name, content) => {
    await expect(read('g.csv', content)).rejects.toMatchObject({
      code: 'file_error',
      message: 'The CSV has no column "text". It has: message, id. Name one with --text.',
    });
    await expect(read('h.csv', content, { textColumn: 'toString' })).rejects.toMatchObject({ code: 'file_error' });
  });

  test('in GB18030, and in an encoding that it is not in', async () => {
    const bytes = Buffer.concat([Buffer.from('text,id\na,1\n'), gb18030(...WO, ...HAO), Buffer.from(',2\nb,3\n')]);
    expect(brief(await read('i.csv', bytes, { encoding: 'gb18030' }))).toEqual(['2 a', '3 我好', '4 b']);
    const unnamed = brief(await read('j.csv', bytes));
    expect(unnamed).toEqual(['2 a', expect.stringMatching(/^3 !.*--encoding gb18030/), '4 b']);
    const header = Buffer.concat([gb18030(...WO), Buffer.from('\na\n')]);
    expect(brief(await read('j2.csv', header, { encoding: 'gb18030', textColumn: '我' }))).toEqual(['2 a']);
    await expect(read('j3.csv', header, { textColumn: '我' })).rejects.toMatchObject({
      code: 'file_error',
      message: expect.stringMatching(/^Line 1: .*--encoding gb18030/),
    });
  });

  test('a row of more than 1 MiB is told by its number, also when it is many lines in quotes', async () => {
    const long = `${'x'.repeat(99)}\n`.repeat(11_000);
    const items = await read('k2.csv', `text,id\na,1\n"${long}",2\nb,3\n`);
    expect(brief(items)).toEqual(['2 a', '11003 !longer than 1 MiB', '11004 b']);
  });

  test('a quote that is never closed is told with its line', async () => {
    await expect(read('k.csv', 'text\n"open\nmore\n')).rejects.toMatchObject({
      code: 'file_error',
      message: expect.stringMatching(/not a well-formed CSV: .*line/),
    });
  });

  test('many rows come in order, and reading may stop early', async () => {
    const rows = Array.from({ length: 5_000 }, (_, at) => `${at},${'好'.repeat(20)} ${at}`);
    const content = `id,text\n${rows.join('\n')}\n`;
    const items = await read('l.csv', content);
    expect(items).toHaveLength(5_000);
    expect(brief(items).at(-1)).toMatch(/^5001 好+ 4999$/);
    const file = path.join(root.folder, 'early.csv');
    await writeFile(file, content);
    for await (const { line } of readItems({ file, encoding: 'utf-8' })) if (line === 10) break;
  });

  test('the separator is the sign that the header has most of', () => {
    expect(['a,b;c,d', 'a;b;c,d', 'a\tb', 'a', '"x;y;z",b', ''].map(detectDelimiter)).toEqual([
      ',',
      ';',
      '\t',
      ',',
      ',',
      ',',
    ]);
  });
});

describe('a file that is too large', () => {
  test('is read up to 100 000 messages; the first beyond is told by its number', async () => {
    const lines = Array.from({ length: 100_002 }, (_, at) => `m${at + 1}`).join('\n');
    const items = await read('many.txt', lines);
    expect(items).toHaveLength(100_001);
    expect(brief(items.slice(-2))).toEqual([
      '100000 m100000',
      '100001 !a file may have 100000 messages; this line and what follows was not read, split it',
    ]);
  });

  test.each([
    ['large.txt', (text: string) => `${text}\n`, ''],
    ['large.csv', (text: string) => `"${text}"\n`, 'text\n'],
  ])('%s is read up to 50 MiB', async (name, line, head) => {
    const rows = Array.from({ length: 3_000 }, (_, at) => line(`${at} ${'x'.repeat(18_000)}`));
    const items = await read(name, head + rows.join(''));
    const last = items.at(-1);
    expect(items.slice(0, -1).every((item) => 'request' in item)).toBe(true);
    expect(last).toMatchObject({ problem: expect.stringContaining('may have 50 MiB') });
    const upTo = (count: number) => Buffer.byteLength(head + rows.slice(0, count).join(''));
    expect(upTo(items.length - 1)).toBeLessThanOrEqual(50 * 1_048_576);
    expect(upTo(items.length + 1)).toBeGreaterThan(50 * 1_048_576);
  });

  test('with a quote that is never closed is not read for ever', async () => {
    const content = `text\n"${`${'x'.repeat(1_000)}\n`.repeat(62_000)}`;
    await expect(read('endless.csv', content)).rejects.toMatchObject({
      code: 'file_error',
      message: expect.stringContaining('has no end'),
    });
  });
});

describe('files that cannot be read', () => {
  test('are told by name and reason', async () => {
    const folder = path.join(root.folder, 'folder.jsonl');
    await mkdir(folder);
    const drain = async (file: string) => {
      for await (const _ of readItems({ file, encoding: 'utf-8' }));
    };
    const missing = path.join(root.folder, 'missing.csv');
    for (const ask of [drain, checkReadable]) {
      const isMissing = { code: 'file_error', message: `${missing}: there is no such file` };
      await expect(ask(missing)).rejects.toMatchObject(isMissing);
      const isFolder = { code: 'file_error', message: `${folder}: is a folder, not a file` };
      await expect(ask(folder)).rejects.toMatchObject(isFolder);
    }
    await checkReadable('-');
    await checkReadable(import.meta.filename);
  });
});
