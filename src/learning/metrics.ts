import { z } from 'zod';

/** Counts of a yes/no decision. */
export interface Counts {
  readonly hits: number;
  readonly falseAlarms: number;
  readonly misses: number;
}

export const shareSchema = z.object({ value: z.number(), low: z.number(), high: z.number(), n: z.int() });
/** A share of `n` with its 95 % interval (Wilson, 1927), which holds for small samples and near 0 and 1. */
export type Share = Readonly<z.infer<typeof shareSchema>>;

const Z95 = 1.959964;

export function share(right: number, total: number): Share {
  if (total === 0) return { value: 0, low: 0, high: 1, n: 0 };
  const value = right / total;
  const z2 = Z95 * Z95;
  const center = (value + z2 / (2 * total)) / (1 + z2 / total);
  const half = (Z95 * Math.sqrt((value * (1 - value)) / total + z2 / (4 * total * total))) / (1 + z2 / total);
  return { value, low: Math.max(0, center - half), high: Math.min(1, center + half), n: total };
}

export function countLabels(
  truth: readonly (readonly string[])[],
  given: readonly (readonly string[])[],
  label: string,
): Counts {
  const counts = { hits: 0, falseAlarms: 0, misses: 0 };
  truth.forEach((labels, row) => {
    const wanted = labels.includes(label);
    const said = given[row]?.includes(label) ?? false;
    if (wanted && said) counts.hits++;
    else if (said) counts.falseAlarms++;
    else if (wanted) counts.misses++;
  });
  return counts;
}

export const precision = ({ hits, falseAlarms }: Counts): number =>
  hits + falseAlarms === 0 ? 0 : hits / (hits + falseAlarms);
export const recall = ({ hits, misses }: Counts): number => (hits + misses === 0 ? 0 : hits / (hits + misses));

/** Harmonic mean of precision and recall; 0 where nothing was wanted or said. */
export function f1({ hits, falseAlarms, misses }: Counts): number {
  const total = 2 * hits + falseAlarms + misses;
  return total === 0 ? 0 : (2 * hits) / total;
}

/** F1 over all decisions together. */
export function microF1(
  truth: readonly (readonly string[])[],
  given: readonly (readonly string[])[],
  labels: readonly string[],
): number {
  const parts = labels.map((label) => countLabels(truth, given, label));
  const sum = (key: keyof Counts) => parts.reduce((total, counts) => total + counts[key], 0);
  return f1({ hits: sum('hits'), falseAlarms: sum('falseAlarms'), misses: sum('misses') });
}

/** Mean F1 of the labels that occur in truth or answer. */
export function macroF1(
  truth: readonly (readonly string[])[],
  given: readonly (readonly string[])[],
  labels: readonly string[],
): number {
  const scores = labels
    .map((label) => countLabels(truth, given, label))
    .filter(({ hits, falseAlarms, misses }) => hits + falseAlarms + misses > 0)
    .map(f1);
  return scores.length === 0 ? 0 : scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

/** How often each true label got each answer: `table[truth][answer]`. */
export function confusion(truth: readonly string[], given: readonly string[]): Record<string, Record<string, number>> {
  const table: Record<string, Record<string, number>> = {};
  truth.forEach((wanted, row) => {
    const said = given[row] ?? '';
    const line = table[wanted] ?? {};
    line[said] = (line[said] ?? 0) + 1;
    table[wanted] = line;
  });
  return table;
}
