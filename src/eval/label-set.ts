import { AppError } from '../errors.ts';
import { createRandom, shuffle } from '../learning/random.ts';
import { fold } from '../text/fold.ts';
import type { LabelledRow } from './labelled-csv.ts';

export interface LabelSet {
  readonly train: readonly LabelledRow[];
  readonly test: readonly LabelledRow[];
  /** What a reader should know before believing the figures. */
  readonly warnings: readonly string[];
}

export interface LabelSetOptions {
  /** Examples of each label that are drawn for training; all when missing. */
  readonly perClass?: number | undefined;
  readonly seed: number;
}

const MAX_LABELS = 1_000;
const MAX_NAMED = 5;

/**
 * What is trained and tested on: repeated rows once, a draw per label where asked for, and a word on whatever is odd.
 *
 * @throws AppError `file_error` when there are not two labels, or more than 1 000
 */
export function makeLabelSet(
  train: readonly LabelledRow[],
  test: readonly LabelledRow[],
  { perClass, seed }: LabelSetOptions,
): LabelSet {
  const warnings: string[] = [];
  const unique = dropRepeats(train, warnings);
  const drawn = perClass === undefined ? unique : draw(unique, perClass, seed);
  const counts = countLabels(drawn);
  if (counts.size < 2)
    throw new AppError(
      'file_error',
      `The training file has one label only (${[...counts.keys()].join('')}); two or more are needed.`,
    );
  if (counts.size > MAX_LABELS)
    throw new AppError(
      'file_error',
      `The training file has ${counts.size} labels; at most ${MAX_LABELS} can be told apart.`,
    );
  const starved = [...counts].filter(([, count]) => count === 1).map(([label]) => label);
  if (starved.length > 0) warnings.push(`${name(starved)} with one training example: nothing to hold out`);
  const unseen = [...countLabels(test)].filter(([label]) => !counts.has(label));
  if (unseen.length > 0) {
    const rows = unseen.reduce((sum, [, count]) => sum + count, 0);
    warnings.push(`${name(unseen.map(([label]) => label))} only in the test: its ${rows} rows count as wrong`);
  }
  const known = new Set(drawn.map(({ text }) => fold(text)));
  const leaked = test.filter(({ text }) => known.has(fold(text))).length;
  if (leaked > 0) warnings.push(`${leaked} test texts are in the training file too`);
  return { train: drawn, test, warnings };
}

function dropRepeats(rows: readonly LabelledRow[], warnings: string[]): LabelledRow[] {
  const labels = new Map<string, Set<string>>();
  const kept = rows.filter(({ text, label }) => {
    const seen = labels.get(fold(text)) ?? new Set();
    labels.set(fold(text), seen);
    return !seen.has(label) && seen.add(label);
  });
  if (kept.length < rows.length) warnings.push(`${rows.length - kept.length} repeated training rows are counted once`);
  const torn = [...labels.values()].filter((seen) => seen.size > 1).length;
  if (torn > 0) warnings.push(`${torn} training texts stand under more than one label; they are kept under each`);
  return kept;
}

function draw(rows: readonly LabelledRow[], perClass: number, seed: number): LabelledRow[] {
  const order = [...rows.keys()];
  shuffle(order, createRandom(seed));
  const taken = new Map<string, number>();
  const chosen = new Set<number>();
  for (const at of order) {
    const label = rows[at]?.label ?? '';
    const count = taken.get(label) ?? 0;
    if (count >= perClass) continue;
    taken.set(label, count + 1);
    chosen.add(at);
  }
  return rows.filter((_, at) => chosen.has(at));
}

function countLabels(rows: readonly LabelledRow[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { label } of rows) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}

function name(labels: readonly string[]): string {
  const shown = labels.slice(0, MAX_NAMED).join(', ');
  const more = labels.length > MAX_NAMED ? ` and ${labels.length - MAX_NAMED} more` : '';
  return labels.length === 1 ? `the label ${shown}` : `${labels.length} labels (${shown}${more})`;
}
