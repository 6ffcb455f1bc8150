import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createFakeEncoder } from '../../../src/embedding/fake.ts';
import { embedTexts } from '../../../src/learning/embed-texts.ts';

const TEXTS = Array.from({ length: 40 }, (_, at) => `text ${at}`);

test('many texts at once under one signal raise no warning of Node’s about too many listeners', async () => {
  const warnings: string[] = [];
  const note = ({ name }: Error) => warnings.push(name);
  process.on('warning', note);
  await using encoder = createFakeEncoder();
  const { signal } = new AbortController();
  const listening = {
    embed: async (text: string, options?: { signal?: AbortSignal }) => {
      await sleep(1, undefined, { signal: options?.signal });
      return await encoder.embed(text);
    },
  };
  const vectors = await embedTexts(listening, TEXTS, { signal });
  // Warnings are told in a later turn.
  await sleep(1);
  process.off('warning', note);
  expect(vectors).toHaveLength(TEXTS.length);
  expect(warnings).toEqual([]);
});

test('the signal ends what is under way', async () => {
  const stop = new AbortController();
  const endless = {
    embed: async (_: string, options?: { signal?: AbortSignal }) => {
      stop.abort(new Error('enough'));
      await sleep(60_000, undefined, { signal: options?.signal });
      throw new Error('was not ended');
    },
  };
  await expect(embedTexts(endless, TEXTS, { signal: stop.signal })).rejects.toThrow('aborted');
});
