import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAppError } from '../../../src/errors.ts';
import { evaluateRedaction, readMarkedTexts } from '../../../src/eval/redact.ts';
import { DATA } from '../../_util/triage.ts';

/** A text with `{{kind:words}}` as a marked one; offsets in characters. */
function marked(source: string) {
  const spans: { kind: string; start: number; end: number }[] = [];
  let text = '';
  for (const part of source.split(/(\{\{\w+:[^}]*\}\})/u)) {
    const mark = /^\{\{(\w+):([^}]*)\}\}$/u.exec(part);
    const words = mark?.[2] ?? part;
    const start = [...text].length;
    if (mark?.[1] !== undefined) spans.push({ kind: mark[1], start, end: start + [...words].length });
    text += words;
  }
  return { text, spans };
}

describe('masks compared with marks', () => {
  it('counts what is found, left in clear and masked without need, by kind', () => {
    const result = evaluateRedaction([
      marked('我的手机{{phone:13812345678}}，邮箱{{EMAIL_ADDRESS:a.b@example.com}}'),
      marked('my pass is {{passport:xyz}}'),
      marked('call 13912345678'),
      marked('nothing here'),
    ]);
    expect(result.texts).toBe(4);
    expect(result.kinds.phone?.recall).toMatchObject({ value: 1, n: 1 });
    expect(result.kinds.phone?.precision).toMatchObject({ value: 0.5, n: 2 });
    expect(result.kinds.email?.recall).toMatchObject({ value: 1, n: 1 });
    expect(result.kinds.passport?.recall).toMatchObject({ value: 0, n: 1 });
    expect(result.kinds.wallet).toBe(undefined);
    expect(result.all.recall).toMatchObject({ value: 2 / 3, n: 3 });
    expect(result.all.precision).toMatchObject({ value: 2 / 3, n: 3 });
    expect(result.misses).toEqual([{ kind: 'passport', text: 'my pass is xyz' }]);
    expect(result.falseAlarms).toEqual([{ kind: 'phone', text: 'call 13912345678' }]);
  });

  it('counts offsets in characters, so that an emoji before a mark moves nothing', () => {
    const result = evaluateRedaction([marked('😀😀 {{phone:13812345678}}')]);
    expect(result.all).toMatchObject({ recall: { value: 1 }, precision: { value: 1 } });
  });

  it('passes over marks of kinds that are not ours', () => {
    expect(evaluateRedaction([marked('I am {{PERSON:Ann}}')]).all.recall.n).toBe(0);
  });
});

describe('the shipped sets', () => {
  it.each(['pii_en/sentences.jsonl', 'dev/pii.jsonl'])(
    '%s is read, and masking is as good as promised',
    async (file) => {
      const { all, kinds } = evaluateRedaction(await readMarkedTexts(path.join(DATA, 'eval', file)));
      expect(all.recall.n).toBeGreaterThan(50);
      expect(all.recall.value).toBeGreaterThanOrEqual(0.98);
      expect(all.precision.value).toBeGreaterThanOrEqual(0.97);
      expect(kinds.phone?.recall.value).toBeGreaterThanOrEqual(0.98);
      expect(kinds.email?.recall.value).toBeGreaterThanOrEqual(0.98);
    },
  );
});

describe('a set that cannot be read', () => {
  it.each([
    ['{"text": 1}', 'line 2: text: '],
    ['{"text":"x","spans":[{"kind":"phone","start":3,"end":3}]}', 'line 2: spans.0.end: must end behind its start'],
    ['{', 'line 2: not valid JSON'],
  ])('%s is refused with its line', async (line, reason) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'feedback-triage-eval-'));
    try {
      const file = path.join(folder, 'set.jsonl');
      await writeFile(file, `{"text":"ok"}\n${line}\n`);
      const error = await readMarkedTexts(file).catch((reason: unknown) => reason);
      expect(isAppError(error, 'file_error') && error.message).toContain(reason);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
