import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AutoTokenizer, type PreTrainedTokenizer } from '@xenova/transformers';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PROJECT_ROOT } from '../../src/config.ts';
import { useFolder } from '../../src/embedding/library.ts';
import type { Link } from '../../src/embedding/link.ts';
import type { TokenizeRequest, Tokens } from '../../src/embedding/protocol.ts';
import { wordByWord } from '../../src/embedding/words.ts';
import { tokenizerWorker } from '../../src/embedding/workers.ts';

const folder = path.join(PROJECT_ROOT, 'models/multilingual-e5-small');
let tokenizer: PreTrainedTokenizer;
let worker: Link<TokenizeRequest, Tokens>;

beforeAll(async () => {
  const start = tokenizerWorker({ folder, dtype: 'q8', pooling: 'sentence_embedding' });
  await new Promise<void>((resolve, reject) => {
    worker = start({ ready: () => resolve(), gone: (reason) => reject(new Error(reason)) });
  });
  useFolder(folder);
  tokenizer = await AutoTokenizer.from_pretrained(folder);
}, 120_000);
afterAll(() => worker.stop());

const ids = async (text: string) => Array.from((await worker.send({ text })).ids, Number);

test('the golden texts have the golden ids', async () => {
  const golden: { items: { text: string; prefix: string; token_ids: number[] }[] } = JSON.parse(
    await readFile(path.join(folder, 'golden.json'), 'utf8'),
  );
  for (const { text, prefix, token_ids } of golden.items) expect(await ids(prefix + text)).toEqual(token_ids);
});

/** Pieces that spaces, normalisation, unknown characters and special tokens make difficult. */
const piece = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom(
    ...[' ', '  ', '\t', '\n', '\u3000', '\u200b', '\u2581', '\u0001', '\u0301', '\ufffd', '\u00a8', '\ud83d'],
    ...[
      '提现',
      '没有到账。',
      'withdrawal',
      'the',
      '!!',
      'ｆｕｌｌ',
      'ﷺ',
      '㍿',
      'ﱞ',
      '～',
      '½',
      '😡',
      '<s>',
      '</s>',
      '<pad>',
    ],
  ),
);

test('word by word, the ids are those of the whole text', () => {
  const whole = (text: string) => tokenizer.encode(text, { add_special_tokens: false });
  const split = wordByWord(whole);
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const text = pieces.join('');
      expect(split(text)).toEqual(whole(text));
    }),
    { numRuns: 1_000 },
  );
});

test('a long text’s ids are the first 384 and the last 128 of the whole text', async () => {
  const sentences = [
    'The withdrawal is pending. ',
    '我的提现已经三天没有到账，',
    'Ответа нет уже неделю! ',
    'なぜですか。',
    '.....',
  ];
  for (const rotation of sentences.keys()) {
    const order = [...sentences.slice(rotation), ...sentences.slice(0, rotation)];
    const text = Array.from({ length: 600 }, (_, index) => `${order[index % 5]}${index % 7 ? '' : index}`).join('');
    const all = tokenizer.encode(text.slice(0, 20_000));
    const expected = [...all.slice(0, 384), ...all.slice(-128)];
    expect(all.length).toBeGreaterThan(512);
    expect(await ids(text.slice(0, 20_000))).toEqual(expected);
  }
});
