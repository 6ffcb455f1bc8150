import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { definitionSchema, maskDefinition } from '../../../src/taxonomies/definition.ts';
import { label } from '../../_util/taxonomy.ts';

const TEXT = '请联系 13800138000 查询订单，退款还没有到账；mail a.b@example.com about order 7781. '.repeat(4);
const definition = definitionSchema.parse({
  labels: Array.from({ length: 100 }, (_, at) =>
    label(`label_${at}`, `标签 ${at}`, [`${at} a ${TEXT}`, `${at} b ${TEXT}`]),
  ),
});
const characters = 200 * TEXT.length;

test('others get a turn on the thread after every few texts', async () => {
  let turns = 0;
  let isDone = false;
  const others = (async () => {
    while (!isDone) {
      await setImmediate();
      turns++;
    }
  })();
  const masked = await maskDefinition(definition);
  const meanwhile = turns;
  isDone = true;
  await others;
  expect(meanwhile).toBeGreaterThan(characters / 20_000);
  expect(JSON.stringify(masked)).not.toMatch(/13800138000|a\.b@example/);
  expect(masked.labels.map(({ examples }) => examples.length)).toEqual(Array(100).fill(2));
});

test('a signal ends it between two turns', async () => {
  const client = new AbortController();
  const masking = maskDefinition(definition, client.signal);
  client.abort();
  await expect(masking).rejects.toMatchObject({ code: 'cancelled' });
});
