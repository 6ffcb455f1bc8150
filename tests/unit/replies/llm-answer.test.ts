import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AnswerReader } from '../../../src/replies/llm/answer-reader.ts';
import { readEventData } from '../../../src/replies/llm/event-data.ts';
import { ModelFailed } from '../../../src/replies/llm/failures.ts';

const SENTENCES = [
  { draft: 0, text: '您好，“提现”{还}没到账[吗]？\n\\"' },
  { draft: 3, text: 'It is being looked at. 😀' },
];
const ANSWER = JSON.stringify({ sentences: SENTENCES });

/** What is thrown, by its reason. */
function reasonOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ModelFailed) return error.reason;
    throw error;
  }
  return 'none';
}

/** A text or bytes in pieces of these lengths. */
function cut<T extends { readonly length: number; slice(from: number, to: number): T }>(
  whole: T,
  lengths: number[],
): T[] {
  const pieces: T[] = [];
  for (let at = 0, turn = 0; at < whole.length; turn++) {
    const length = lengths[turn % lengths.length] ?? 1;
    pieces.push(whole.slice(at, at + length));
    at += length;
  }
  return pieces;
}
const lengths = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 });

describe('an answer that grows', () => {
  test('gives the same sentences however it is cut', () => {
    fc.assert(
      fc.property(
        lengths,
        fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { minLength: 1 }),
        (sizes, texts) => {
          const sentences = texts.map((text, draft) => ({ draft, text: `x${text.replaceAll('\u0000', '')}` }));
          const reader = new AnswerReader();
          const found = cut(JSON.stringify({ sentences }, undefined, 1), sizes).flatMap((piece) => reader.read(piece));
          reader.end();
          expect(found).toEqual(sentences);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('gives a sentence when its brace comes, not before and not later', () => {
    const reader = new AnswerReader();
    const end = ANSWER.indexOf('},{');
    expect(reader.read(ANSWER.slice(0, end))).toEqual([]);
    expect(reader.read('}')).toEqual([SENTENCES[0]]);
    expect(reader.read(ANSWER.slice(end + 1))).toEqual([SENTENCES[1]]);
  });

  test.each([
    ['prose', 'Here you are: {"sentences":[]}'],
    ['another key', '{"reply":[{"draft":0,"text":"a"}]}'],
    ['a list', '[{"draft":0,"text":"a"}]'],
    ['a list in the list', '{"sentences":[[{"draft":0,"text":"a"}]]}'],
    ['more fields', '{"sentences":[{"draft":0,"text":"a","to":"b"}]}'],
    ['a negative number', '{"sentences":[{"draft":-1,"text":"a"}]}'],
    ['what no database holds', '{"sentences":[{"draft":0,"text":"\\u0000"}]}'],
    ['half of a character', '{"sentences":[{"draft":0,"text":"\\ud83d"}]}'],
    ['no sentence', '{"sentences":[]}'],
    ['too many', JSON.stringify({ sentences: Array(41).fill({ draft: 0, text: 'a' }) })],
    ['a sentence that is too long', JSON.stringify({ sentences: [{ draft: 0, text: 'a'.repeat(1_001) }] })],
    ['more after the end', `${ANSWER}{}`],
    ['too many braces', '{"sentences":[}}}}{"draft":0,"text":"a"}]}'],
    ['nothing', ''],
    ['the beginning only', ANSWER.slice(0, -2)],
  ])('is refused: %s', (_, text) => {
    const reader = new AnswerReader();
    const run = () => {
      for (const piece of cut(text, [3])) reader.read(piece);
      reader.end();
    };
    expect(reasonOf(run)).toBe('nonsense');
  });

  test('is refused when it is too long, before it is read to the end', () => {
    const reader = new AnswerReader();
    const part = `"${'x'.repeat(50_000)}",`;
    expect(reasonOf(() => ['{"a":', part, part, part, part].map((piece) => reader.read(piece)))).toBe('too_long');
  });
});

describe('server-sent events', () => {
  async function* streamed(chunks: readonly Uint8Array[]) {
    yield* chunks;
  }
  const read = async (chunks: readonly Uint8Array[]) => {
    const found: string[] = [];
    for await (const data of readEventData(streamed(chunks))) found.push(data);
    return found;
  };

  test('are the same however their bytes are cut', async () => {
    const text =
      ': hello\r\n\r\nevent: x\r\ndata: 提现\r\ndata:没到账 😀\r\n\r\nid: 1\n\ndata: [DONE]\n\ndata: cut off';
    await fc.assert(
      fc.asyncProperty(lengths, async (sizes) => {
        expect(await read(cut(new Uint8Array(Buffer.from(text)), sizes))).toEqual(['提现\n没到账 😀', '[DONE]']);
      }),
      { numRuns: 50 },
    );
  });

  test('that are no UTF-8 are refused', async () => {
    await expect(read([new Uint8Array([0x64, 0xff, 0x0a])])).rejects.toMatchObject({ reason: 'nonsense' });
  });
});
