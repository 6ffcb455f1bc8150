import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { type Neighbour, NeighbourIndex } from './neighbours.ts';
import { type LabelledRow, listItemRows, listSeedRows } from './noise-rows.ts';
import { quantizeRows } from './quantized.ts';

/** Neighbours that must agree with one another, and how near they must be (centred cosine). */
const NEIGHBOURS = 3;
const NEAR = 0.55;
const ROWS_PER_TURN = 25;
/** Of each field. */
const MOST_SHOWN = 100;
const FIELDS = ['type', 'topics', 'risk_flags'] as const;
type Field = (typeof FIELDS)[number];

export const labelNoiseSchema = z.object({
  version: z.string().describe('The version in force, by whose mean the vectors are centred.'),
  examples: z.int().describe('Shipped examples and labelled items that were compared, the newest 5 000 of these.'),
  suspicious: z
    .array(
      z.object({
        id: z.string().describe('A shipped example, or an item that a person labelled.'),
        field: z.enum(FIELDS).describe('Which of its labels are in question.'),
        labels: z.array(z.string()).describe('What it has there.'),
        neighbours_say: z.array(z.string()).describe('What all three nearest have instead.'),
        text: z.string().nullable().describe('The shipped example; null for items of customers.'),
        similarity: z.number().describe('Of the third nearest.'),
        neighbours: z.array(z.string()),
      }),
    )
    .describe(`Most contradicted first, at most ${MOST_SHOWN} of each field.`),
});
export type LabelNoise = z.infer<typeof labelNoiseSchema>;
type Suspicion = LabelNoise['suspicious'][number];

/**
 * Labels worth a second look: shipped examples, and items as people have labelled them by now, held out of training or
 * not, whose nearest neighbours all carry one other type, or have the same other topics or risk flags.
 */
export async function findLabelNoise(
  { learned, policy, database, encoder }: Pick<Context, 'learned' | 'policy' | 'database' | 'encoder'>,
  signal?: AbortSignal,
): Promise<LabelNoise> {
  const { head, version } = learned;
  const { mean } = head.model;
  const rows = [
    ...listSeedRows(policy.current, head.model),
    ...(await listItemRows(database.kysely, { encoderHash: encoder.info.hash, mean }, signal)),
  ];
  const index = new NeighbourIndex(quantizeRows(rows.map(({ vector }) => vector)));
  const found: Suspicion[] = [];
  for (const [at, row] of rows.entries()) {
    if (at % ROWS_PER_TURN === 0) await nextTurn(undefined, { signal });
    const near = index.find(row.vector, NEIGHBOURS + 1).filter((other) => other.row !== at);
    for (const field of FIELDS)
      found.push(...contradictionOf(rows, row, near.slice(0, NEIGHBOURS), field, policy.current));
  }
  found.sort((left, right) => right.similarity - left.similarity);
  const shown = FIELDS.flatMap((field) => found.filter((one) => one.field === field).slice(0, MOST_SHOWN));
  shown.sort((left, right) => right.similarity - left.similarity);
  return { version, examples: rows.length, suspicious: shown };
}

function contradictionOf(
  rows: readonly LabelledRow[],
  row: LabelledRow,
  near: readonly Neighbour[],
  field: Field,
  { exampleText }: { exampleText(id: string): string | undefined },
): Suspicion[] {
  const others = near.flatMap((other) => rows[other.row] ?? []);
  const [labels, said] = [labelsOf(row, field), others[0] ? labelsOf(others[0], field) : []];
  const last = near[NEIGHBOURS - 1];
  if (last === undefined || last.similarity < NEAR || isSame(labels, said)) return [];
  if (!others.every((other) => isSame(labelsOf(other, field), said))) return [];
  return [
    {
      id: row.id,
      field,
      labels: [...labels],
      neighbours_say: [...said],
      text: exampleText(row.id) ?? null,
      similarity: Math.round(last.similarity * 1_000) / 1_000,
      neighbours: others.map(({ id }) => id),
    },
  ];
}

function labelsOf(row: LabelledRow, field: Field): readonly string[] {
  return field === 'type' ? [row.type] : row[field];
}

/** Whatever their order. */
function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((one) => right.includes(one));
}
