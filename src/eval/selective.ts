/** Answers of a classifier on rows whose truth is known. */
export interface Answers {
  readonly confidences: readonly number[];
  readonly correct: readonly boolean[];
}

export const ECE_BINS = 15;

/** Expected calibration error: what confidence and accuracy differ by, over equal bins (Guo et al., ICML 2017). */
export function expectedCalibrationError({ confidences, correct }: Answers, bins = ECE_BINS): number {
  const gaps = new Float64Array(bins);
  confidences.forEach((confidence, row) => {
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1));
    gaps[bin] = (gaps[bin] ?? 0) + confidence - (correct[row] ? 1 : 0);
  });
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / Math.max(1, confidences.length);
}

/** The largest share of rows, surest first, of which at most `error` are wrong. Rows of equal confidence go together. */
export function coverageAtError({ confidences, correct }: Answers, error: number): number {
  const order = [...confidences.keys()].sort((left, right) => (confidences[right] ?? 0) - (confidences[left] ?? 0));
  let wrong = 0;
  let covered = 0;
  order.forEach((row, rank) => {
    if (!correct[row]) wrong++;
    const isLast = confidences[order[rank + 1] ?? -1] !== confidences[row];
    if (isLast && wrong / (rank + 1) <= error) covered = rank + 1;
  });
  return covered / Math.max(1, confidences.length);
}

/** The probability that a positive scores above a negative, ties counting half (Mann and Whitney). */
export function auroc(positives: readonly number[], negatives: readonly number[]): number {
  const all = [
    ...positives.map((score) => ({ score, positive: true })),
    ...negatives.map((score) => ({ score, positive: false })),
  ];
  all.sort((left, right) => left.score - right.score);
  let ranks = 0;
  for (let start = 0; start < all.length; ) {
    let end = start;
    while (end < all.length && all[end]?.score === all[start]?.score) end++;
    const rank = (start + 1 + end) / 2;
    for (let at = start; at < end; at++) if (all[at]?.positive) ranks += rank;
    start = end;
  }
  const pairs = positives.length * negatives.length;
  return pairs === 0 ? 0.5 : (ranks - (positives.length * (positives.length + 1)) / 2) / pairs;
}
