import { Tensor } from '@xenova/transformers';
import { expect, test } from 'vitest';
import { poolOutputs } from '../../../src/embedding/pooling.ts';

const mask = new Tensor('int64', BigInt64Array.of(1n, 1n, 0n), [1, 3]);

test('`sentence_embedding` is the graph’s own output, copied', () => {
  const data = Float32Array.of(0.6, 0.8);
  const pooled = poolOutputs({ sentence_embedding: new Tensor('float32', data, [1, 2]) }, mask, 'sentence_embedding');
  expect(pooled).toEqual(data);
  expect(pooled.buffer).not.toBe(data.buffer);
});

test('`mean` averages the tokens that the mask keeps and has unit length', () => {
  const hidden = new Tensor('float32', Float32Array.of(1, 2, 5, 6, 90, 90), [1, 3, 2]);
  const pooled = poolOutputs({ last_hidden_state: hidden }, mask, 'mean');
  expect(pooled[0]).toBeCloseTo(0.6, 6);
  expect(pooled[1]).toBeCloseTo(0.8, 6);
});

test('a missing output is named, with the ones there are and the setting', () => {
  const outputs = { logits: new Tensor('float32', Float32Array.of(1), [1, 1]) };
  expect(() => poolOutputs(outputs, mask, 'mean')).toThrow(/last_hidden_state.*logits.*MODEL_POOLING/);
});
