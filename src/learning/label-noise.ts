import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { HeadModel } from './head.ts';
import { NeighbourIndex } from './neighbours.ts';
import { rowAt } from './quantized.ts';

/** Neighbours that must agree with one another, and how near they must be (centred cosine). */
const NEIGHBOURS = 3;
const NEAR = 0.55;
const ROWS_PER_TURN = 25;
const MOST_SHOWN = 100;

export const labelNoiseSchema = z.object({
  version: z.string(),
  examples: z.int(),
  suspicious: z
    .array(
      z.object({
        id: z.string().describe('A shipped example, or an item that a person labelled.'),
        type: z.string(),
        text: z.string().nullable().describe('The shipped example; null for items of customers.'),
        neighbours_say: z.string(),
        similarity: z.number().describe('Of the third nearest.'),
        neighbours: z.array(z.string()),
      }),
    )
    .describe('Most contradicted first.'),
});
export type LabelNoise = z.infer<typeof labelNoiseSchema>;

/** Examples of the version in force whose nearest neighbours all carry one other type: labels worth a second look. */
export async function findLabelNoise(
  { learned, policy }: Pick<Context, 'learned' | 'policy'>,
  signal?: AbortSignal,
): Promise<LabelNoise> {
  const { head, version } = learned;
  const { model } = head;
  const found: LabelNoise['suspicious'] = [];
  const index = new NeighbourIndex(model.exampleVectors);
  for (let row = 0; row < model.exampleIds.length; row++) {
    if (row % ROWS_PER_TURN === 0) await nextTurn(undefined, { signal });
    const suspicion = contradictionOf(model, index, row);
    if (suspicion) found.push({ ...suspicion, text: policy.exampleText(suspicion.id) ?? null });
  }
  found.sort((left, right) => right.similarity - left.similarity);
  return { version, examples: model.exampleIds.length, suspicious: found.slice(0, MOST_SHOWN) };
}

function contradictionOf(model: HeadModel, index: NeighbourIndex, row: number) {
  const { exampleVectors, exampleIds, exampleTypes } = model;
  const near = index.find(rowAt(exampleVectors, row), NEIGHBOURS + 1).filter((other) => other.row !== row);
  const others = near.slice(0, NEIGHBOURS);
  const type = exampleTypes[row] ?? '';
  const said = exampleTypes[others[0]?.row ?? row] ?? type;
  const last = others[NEIGHBOURS - 1];
  if (said === type || last === undefined || last.similarity < NEAR) return undefined;
  if (!others.every((other) => exampleTypes[other.row] === said)) return undefined;
  return {
    id: exampleIds[row] ?? '',
    type,
    neighbours_say: said,
    similarity: Math.round(last.similarity * 1_000) / 1_000,
    neighbours: others.map((other) => exampleIds[other.row] ?? ''),
  };
}
