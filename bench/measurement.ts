import { median } from './statistics.ts';

/** A target that must be reached (`>=`) or kept (`<=`). */
export interface Target {
  readonly relation: '>=' | '<=';
  readonly value: number;
}

/** Empty for a ratio. */
export type Unit = '' | 'ms' | 's' | 'GiB';

export interface Measurement {
  /** The target: what is reached or kept. */
  readonly id: string;
  readonly title: string;
  readonly unit: Unit;
  readonly target: Target;
  /** One per round; the median is what counts. Empty when it could not be measured: `detail` says why. */
  readonly values: readonly number[];
  readonly detail: string;
}

export type Verdict = 'pass' | 'MISS' | 'not measured';

export function deriveVerdict({ values, target }: Measurement): Verdict {
  if (values.length === 0) return 'not measured';
  const measured = median(values);
  const isReached = target.relation === '>=' ? measured >= target.value : measured <= target.value;
  return isReached ? 'pass' : 'MISS';
}

export function formatTarget({ target, unit }: Measurement): string {
  return `${target.relation === '>=' ? '≥' : '≤'} ${withUnit(String(target.value), unit)}`;
}

export function formatMedian({ values, unit }: Measurement): string {
  return values.length === 0 ? '—' : withUnit(format(median(values), unit), unit);
}

export function formatRange({ values, unit }: Measurement): string {
  return values.length < 2 ? '—' : `${format(Math.min(...values), unit)}–${format(Math.max(...values), unit)}`;
}

function format(value: number, unit: Unit): string {
  return value.toFixed(unit === 'ms' ? 1 : 2);
}

function withUnit(text: string, unit: Unit): string {
  return unit === '' ? text : `${text} ${unit}`;
}
