import { type SigmoidCalibration, sigmoid } from './calibration.ts';

/** A label's scores of rows by models that had not seen them, and which rows have it. */
export interface HeldOutLabel {
  readonly heldOut: Float64Array;
  readonly positive: Uint8Array;
  readonly calibration: SigmoidCalibration | undefined;
  /** A second opinion on each row. */
  readonly said?: Float64Array | undefined;
}

/** From which probability on the most probable label of a row is given, and from which on the others are. */
export interface Thresholds {
  readonly first: number;
  readonly further: number;
}

const STEPS = 36;
const LOWEST = 0.1;
const STEP = 0.02;
const NEUTRAL: SigmoidCalibration = { scale: 1, bias: 0 };

/** What would be given, and how much of it rightly, at each step. */
interface Counts {
  readonly given: Float64Array;
  readonly hits: Float64Array;
}

/**
 * The two thresholds with the best micro-F1 on held-out rows. Two, because nearly every message has one topic and few
 * have more: a single one either leaves messages without a topic or gives second ones too freely (0.705 against 0.718
 * on the shipped examples).
 */
export function selectThresholds(labels: readonly HeldOutLabel[]): Thresholds {
  const first: Counts = { given: new Float64Array(STEPS), hits: new Float64Array(STEPS) };
  const further: Counts = { given: new Float64Array(STEPS), hits: new Float64Array(STEPS) };
  let wanted = 0;
  for (let row = 0; row < (labels[0]?.heldOut.length ?? 0); row++) {
    const said = labels.map(({ heldOut, positive, calibration, said: opinion }) => ({
      probability: sigmoid(heldOut[row] ?? 0, calibration ?? NEUTRAL, opinion?.[row]),
      isRight: positive[row] === 1,
    }));
    said.sort((left, right) => right.probability - left.probability);
    said.forEach((label, at) => {
      wanted += label.isRight ? 1 : 0;
      count(at === 0 ? first : further, label);
    });
  }
  return best(first, further, wanted);
}

function count({ given, hits }: Counts, { probability, isRight }: { probability: number; isRight: boolean }): void {
  const steps = Math.min(STEPS, Math.floor((probability - LOWEST) / STEP) + 1);
  for (let step = 0; step < steps; step++) {
    given[step] = (given[step] ?? 0) + 1;
    if (isRight) hits[step] = (hits[step] ?? 0) + 1;
  }
}

function best(first: Counts, further: Counts, wanted: number): Thresholds {
  let found = { first: 0.5, further: 0.5, f1: -1 };
  for (let one = 0; one < STEPS; one++) {
    for (let more = one; more < STEPS; more++) {
      const hits = (first.hits[one] ?? 0) + (further.hits[more] ?? 0);
      const given = (first.given[one] ?? 0) + (further.given[more] ?? 0);
      const f1 = (2 * hits) / Math.max(1, given + wanted);
      if (f1 > found.f1) found = { first: LOWEST + one * STEP, further: LOWEST + more * STEP, f1 };
    }
  }
  return { first: found.first, further: found.further };
}
