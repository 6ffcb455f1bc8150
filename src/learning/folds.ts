import { createRandom, shuffle } from './random.ts';

/** A fold for each row, the same share of every label in each. Deterministic for a seed. */
export function assignFolds(labels: readonly string[], folds: number, seed: number): Uint8Array {
  const random = createRandom(seed);
  const rowsOf = new Map<string, number[]>();
  labels.forEach((label, row) => {
    const rows = rowsOf.get(label);
    if (rows) rows.push(row);
    else rowsOf.set(label, [row]);
  });
  const assigned = new Uint8Array(labels.length);
  for (const rows of rowsOf.values()) {
    shuffle(rows, random);
    rows.forEach((row, rank) => {
      assigned[row] = rank % folds;
    });
  }
  return assigned;
}

/** At most so many rows, evenly spread. */
export function evenSample(rows: number, most: number): number[] {
  const step = Math.max(1, Math.ceil(rows / most));
  return Array.from({ length: Math.ceil(rows / step) }, (_, at) => at * step);
}
