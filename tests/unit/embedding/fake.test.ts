import { expect, test } from 'vitest';
import { createFakeEncoder } from '../../../src/embedding/fake.ts';

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

test('vectors are of unit length, the same every time, and near for similar texts', async () => {
  const encoder = createFakeEncoder();
  const texts = ['我的提现三天没到账', '我的提现两天没有到账', 'Please add a dark mode', ''];
  const [a, b, c, empty] = await Promise.all(texts.map(async (text) => (await encoder.embed(text)).vector));
  if (!(a && b && c && empty)) throw new Error('four vectors were expected');
  expect(a).toHaveLength(encoder.info.dimensions);
  expect(dot(a, a)).toBeCloseTo(1, 5);
  expect(dot(a, b)).toBeGreaterThan(0.5);
  expect(dot(a, b)).toBeGreaterThan(dot(a, c) + 0.3);
  expect(empty.every(Number.isFinite)).toBe(true);
  expect((await createFakeEncoder().embed('我的提现三天没到账')).vector).toEqual(a);
});

test('it honours the signal and its disposal', async () => {
  const encoder = createFakeEncoder({ dimensions: 8 });
  await expect(encoder.embed('a', { signal: AbortSignal.abort(new Error('left')) })).rejects.toThrow('left');
  await encoder[Symbol.asyncDispose]();
  await expect(encoder.embed('a')).rejects.toMatchObject({ code: 'encoder_unavailable' });
});
