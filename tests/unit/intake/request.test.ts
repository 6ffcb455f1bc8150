import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashRequest } from '../../../src/intake/idempotency.ts';
import { classifyRequestSchema, feedbackRequestSchema, zonedTime } from '../../../src/intake/request.ts';

const accepts = (value: unknown) => feedbackRequestSchema.safeParse(value).success;

describe('a request', () => {
  test('has a channel and a source also when none was named', () => {
    expect(classifyRequestSchema.parse({ text: 'a' })).toEqual({ text: 'a', channel: 'other' });
    expect(feedbackRequestSchema.parse({ text: 'a' })).toEqual({ text: 'a', channel: 'other', source: 'api' });
  });

  test('keeps a text as it was written, whatever Unicode it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), (text) => {
        const isReadable = /[^\s\p{Cc}\p{Cf}]/u.test(text) && !text.includes('\u0000');
        const parsed = classifyRequestSchema.safeParse({ text });
        expect(parsed.success).toBe(isReadable);
        if (parsed.success) expect(parsed.data.text).toBe(text);
      }),
    );
  });

  test('is refused with any half of a surrogate pair or U+0000, in every field that is stored', () => {
    for (const bad of ['\ud800', 'a\udfff', 'a\u0000b']) {
      expect(accepts({ text: `x${bad}` })).toBe(false);
      for (const field of ['subject', 'source', 'external_id'])
        expect(accepts({ text: 'x', [field]: bad })).toBe(false);
      for (const field of ['ref', 'tier']) expect(accepts({ text: 'x', customer: { [field]: bad } })).toBe(false);
      expect(accepts({ text: 'x', metadata: { a: bad } })).toBe(false);
      expect(accepts({ text: 'x', metadata: { [bad]: 1 } })).toBe(false);
    }
  });

  test.each<[string, (length: number) => unknown, number]>([
    ['text', (length) => ({ text: 'x'.repeat(length) }), 20_000],
    ['subject', (length) => ({ text: 'x', subject: 'x'.repeat(length) }), 500],
    ['source', (length) => ({ text: 'x', source: 'x'.repeat(length) }), 100],
    ['external_id', (length) => ({ text: 'x', external_id: 'x'.repeat(length) }), 200],
    ['a value of metadata', (length) => ({ text: 'x', metadata: { a: 'x'.repeat(length) } }), 500],
    ['a key of metadata', (length) => ({ text: 'x', metadata: { ['x'.repeat(length)]: 1 } }), 64],
    ['customer.ref', (length) => ({ text: 'x', customer: { ref: 'x'.repeat(length) } }), 200],
    ['customer.tier', (length) => ({ text: 'x', customer: { tier: 'x'.repeat(length) } }), 64],
  ])('%s is taken up to its limit', (_name, make, limit) => {
    expect(accepts(make(limit))).toBe(true);
    expect(accepts(make(limit + 1))).toBe(false);
  });

  test.each([
    '2026-11-01T09:30:00Z',
    '2026-11-01T09:30:00.123456+08:00',
    '0001-01-02T00:00:00Z',
    '9999-12-30T00:00:00Z',
  ])('the time %s is taken', (time) => {
    expect(zonedTime.safeParse(time).success).toBe(true);
  });

  test.each([
    '2026-11-01',
    '2026-11-01T09:30:00',
    '2026-13-01T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '0000-12-31T00:00:00Z',
    '0001-01-01T00:00:00+14:00',
    '9999-12-31T23:59:59-01:00',
    'yesterday',
    '',
  ])('the time %j is refused, for one reason', (time) => {
    expect(zonedTime.safeParse(time).error?.issues).toHaveLength(1);
  });
});

test('requests that differ in a byte differ in their hash, which tells nothing of them', () => {
  expect(hashRequest('{"text":"a"}')).toMatch(/^[0-9a-f]{64}$/);
  expect(hashRequest('{"text":"a"}')).not.toBe(hashRequest('{"text":"a" }'));
  expect(hashRequest('电话 13912345678')).not.toContain('13912345678');
});
