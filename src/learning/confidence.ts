/**
 * What a probability means: as it is, or the share that was right among held-out answers of that probability. A step
 * function by its ascending edges; plain data.
 */
export type ConfidenceCalibration =
  | { readonly kind: 'temperature' }
  | { readonly kind: 'isotonic'; readonly from: readonly number[]; readonly share: readonly number[] };

/** Fewer held-out rows say too little for a step function. */
const ENOUGH_ROWS = 1_000;

/**
 * Temperature alone, or isotonic regression on top of it (Zadrozny and Elkan, "Transforming Classifier Scores into
 * Accurate Multiclass Probability Estimates", KDD 2002), whichever has the smaller squared error on rows it was not
 * fitted to.
 */
export function fitConfidence(confidences: readonly number[], correct: readonly boolean[]): ConfidenceCalibration {
  const plain: ConfidenceCalibration = { kind: 'temperature' };
  if (confidences.length < ENOUGH_ROWS) return plain;
  const halves = [0, 1].map((half) => [...confidences.keys()].filter((row) => row % 2 === half));
  let gain = 0;
  halves.forEach((rows, half) => {
    const fitted = fitIsotonic(pick(confidences, rows), pick(correct, rows));
    for (const row of halves[1 - half] ?? []) {
      const truth = correct[row] ? 1 : 0;
      const given = confidences[row] as number;
      gain += (given - truth) ** 2 - (calibrate(given, fitted) - truth) ** 2;
    }
  });
  return gain > 0 ? fitIsotonic(confidences, correct) : plain;
}

/** The confidence after calibration. */
export function calibrate(confidence: number, calibration: ConfidenceCalibration): number {
  if (calibration.kind === 'temperature') return confidence;
  const step = calibration.from.findLastIndex((edge) => edge <= confidence);
  return calibration.share[Math.max(0, step)] ?? confidence;
}

/** Pool adjacent violators. */
function fitIsotonic(confidences: readonly number[], correct: readonly boolean[]): ConfidenceCalibration {
  const order = [...confidences.keys()].sort((left, right) => (confidences[left] ?? 0) - (confidences[right] ?? 0));
  const blocks: { from: number; right: number; rows: number }[] = [];
  for (const row of order) {
    let block = { from: confidences[row] as number, right: correct[row] ? 1 : 0, rows: 1 };
    for (let last = blocks.at(-1); last && last.right * block.rows >= block.right * last.rows; last = blocks.at(-1)) {
      blocks.pop();
      block = { from: last.from, right: last.right + block.right, rows: last.rows + block.rows };
    }
    blocks.push(block);
  }
  return {
    kind: 'isotonic',
    from: blocks.map(({ from }) => from),
    share: blocks.map(({ right, rows }) => right / rows),
  };
}

function pick<T>(values: readonly T[], rows: readonly number[]): T[] {
  return rows.map((row) => values[row] as T);
}
