import { serialize } from 'node:v8';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { HEAD_FORMAT, type HeadModel } from '../../../src/learning/head.ts';
import { packModel, unpackModel, unpackStored } from '../../../src/learning/model-codec.ts';
import { allRows, dotRow, rowAt } from '../../../src/learning/quantized.ts';
import { trainFor } from '../../_util/versions.ts';

let model: HeadModel;
beforeAll(async () => {
  model = await trainFor('encoder-a');
});

test('a model comes back as it was, every number and every text', async () => {
  expect(await unpackModel(await packModel(model))).toEqual(model);
});

test.each<[string, (packed: Uint8Array) => Uint8Array | Promise<Uint8Array>]>([
  ['cut off', (packed) => packed.subarray(0, packed.length - 20)],
  ['empty', () => new Uint8Array()],
  ['something else', () => gzipSync('hello')],
  ['a program’s object', () => gzipSync(serialize({ format: 99 }))],
  ['with a weight too few', () => packModel({ ...model, mean: model.mean.slice(1) })],
  ['with a vote of one term too few', () => packModel({ ...model, vote: shortened(model.vote) })],
  ['of a format that is to come', () => packModel({ ...model, format: 99 as never })],
])('what is %s is refused', async (_, damage) => {
  const packed = await damage(await packModel(model));
  await expect(unpackModel(packed)).rejects.toMatchObject({
    code: 'model_damaged',
    message: expect.stringContaining(`format ${model.format}`),
  });
});

function shortened(vote: HeadModel['vote']): HeadModel['vote'] {
  return vote && { ...vote, terms: { ...vote.terms, values: vote.terms.values.slice(1) } };
}

test('a head from before its examples had a vote is read, and answers without one', async () => {
  const { vote: _, ...before } = model;
  const packed = await packModel({ ...before } as HeadModel);
  expect(await unpackModel(packed)).toEqual({ ...before, vote: null });
});

test('what the release before has stored is read from the own database, and from nowhere else', async () => {
  const { exampleVectors, ...same } = model;
  const rows = exampleVectors.scales.length;
  const vectors = allRows(exampleVectors);
  const withOne = ({ thresholds, ...rest }: HeadModel['topics']) => ({ ...rest, threshold: thresholds.first });
  const [topics, flags] = [withOne(same.topics), withOne(same.flags)];
  const before = gzipSync(serialize({ ...same, topics, flags, format: 2, exampleVectors: vectors }));
  const { exampleVectors: read, ...rest } = await unpackStored(before);
  const evened = (labels: HeadModel['topics']) => ({
    ...labels,
    thresholds: { first: labels.thresholds.first, further: labels.thresholds.first },
  });
  expect(rest).toEqual({ ...same, topics: evened(same.topics), flags: evened(same.flags), format: HEAD_FORMAT });
  for (let row = 0; row < rows; row++) expect(dotRow(read, row, rowAt(exampleVectors, row))).toBeGreaterThan(0.9998);
  await expect(unpackModel(before)).rejects.toMatchObject({ code: 'model_damaged' });
  const older = gzipSync(serialize({ ...same, format: 1, exampleVectors: vectors }));
  await expect(unpackStored(older)).rejects.toMatchObject({ code: 'model_damaged' });
});
