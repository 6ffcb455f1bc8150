import { describe, expect, test } from 'vitest';
import { VectorCache } from '../../../src/embedding/cache.ts';
import type { Embedding } from '../../../src/embedding/encoder.ts';

const embedding = (value: number): Embedding => ({ vector: Float32Array.of(value), tokens: 1, truncated: false });

/** Computations that the test finishes, with the signals they were given. */
function computations() {
  const open: { resolve: (value: Embedding) => void; reject: (error: Error) => void; signal: AbortSignal }[] = [];
  const compute = (signal: AbortSignal) =>
    new Promise<Embedding>((resolve, reject) => {
      open.push({ resolve, reject, signal });
    });
  return { open, compute };
}

describe('VectorCache', () => {
  test('a text is computed once and found afterwards; its kind is part of the key', async () => {
    const cache = new VectorCache(10);
    const first = await cache.get('query', 'a', async () => embedding(1));
    expect(await cache.get('query', 'a', async () => embedding(2))).toBe(first);
    expect((await cache.get('passage', 'a', async () => embedding(3))).vector[0]).toBe(3);
    expect([cache.hits, cache.misses]).toEqual([1, 2]);
  });

  test('the least recently used vector leaves first', async () => {
    const cache = new VectorCache(2);
    for (const text of ['a', 'b', 'a', 'c']) await cache.get('query', text, async () => embedding(1));
    expect((await cache.get('query', 'a', async () => embedding(2))).vector[0]).toBe(1);
    expect((await cache.get('query', 'b', async () => embedding(2))).vector[0]).toBe(2);
  });

  test('size 0 keeps nothing', async () => {
    const cache = new VectorCache(0);
    await cache.get('query', 'a', async () => embedding(1));
    expect((await cache.get('query', 'a', async () => embedding(2))).vector[0]).toBe(2);
    expect([cache.hits, cache.misses]).toEqual([0, 2]);
  });

  test('equal texts at the same time share one computation, one of whose callers may leave', async () => {
    const cache = new VectorCache(10);
    const { open, compute } = computations();
    const caller = new AbortController();
    const leaves = cache.get('query', 'a', compute, caller.signal);
    const stays = cache.get('query', 'a', compute);
    expect(open).toHaveLength(1);
    caller.abort(new Error('left'));
    await expect(leaves).rejects.toThrow('left');
    expect(open[0]?.signal.aborted).toBe(false);
    open[0]?.resolve(embedding(5));
    expect((await stays).vector[0]).toBe(5);
  });

  test('when the last caller leaves the computation is aborted, and the next caller starts a new one', async () => {
    const cache = new VectorCache(10);
    const { open, compute } = computations();
    const caller = new AbortController();
    const left = cache.get('query', 'a', compute, caller.signal);
    caller.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    expect(open[0]?.signal.aborted).toBe(true);
    const next = cache.get('query', 'a', compute);
    open[0]?.reject(new Error('aborted'));
    open[1]?.resolve(embedding(2));
    expect((await next).vector[0]).toBe(2);
    expect((await cache.get('query', 'a', compute)).vector[0]).toBe(2);
    expect(open).toHaveLength(2);
  });

  test('a failure reaches every caller and is not kept', async () => {
    const cache = new VectorCache(10);
    const { open, compute } = computations();
    const both = [cache.get('query', 'a', compute), cache.get('query', 'a', compute)];
    open[0]?.reject(new Error('died'));
    for (const failed of both) await expect(failed).rejects.toThrow('died');
    expect((await cache.get('query', 'a', async () => embedding(1))).vector[0]).toBe(1);
  });

  test('a signal that is aborted already starts nothing', async () => {
    const cache = new VectorCache(10);
    const { open, compute } = computations();
    await expect(cache.get('query', 'a', compute, AbortSignal.abort(new Error('late')))).rejects.toThrow('late');
    expect(open).toHaveLength(0);
  });
});
