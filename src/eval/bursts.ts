import { HOUR_MS } from '../clusters/trend/burst.ts';
import { fixedThreshold, ownDetector, type StreamDetector, WARM_UP_HOURS, zScore } from './burst-detectors.ts';
import { type CountStream, generateStream, readNabStreams, STEP_MS, type StreamShape } from './burst-streams.ts';

export interface BurstScores {
  readonly detector: string;
  readonly bursts: number;
  readonly found: number;
  readonly found_within_1h: number;
  /** From the begin of the known burst to the alarm; mean over those found. */
  readonly delay_minutes: number | null;
  /** Alarms that begin outside every known burst, per 1 000 hours watched. */
  readonly false_alarms_per_1000h: number;
  /** Of the hours outside known bursts, those with an alarm. */
  readonly false_hour_share: number;
  /** Of all hours, those with an alarm. */
  readonly alarmed_hour_share: number;
  readonly hours: number;
}

export interface BurstEvaluation {
  readonly streams: readonly { readonly name: string; readonly scores: readonly BurstScores[] }[];
  readonly nab: readonly BurstScores[];
  readonly generated: readonly BurstScores[];
}

const SIXTEEN_WEEKS = 16 * 7 * 24;
/** From a quiet cluster to everything that a large service hears. */
const SHAPES: readonly StreamShape[] = [
  { name: 'quiet', rate: 0.1, hours: SIXTEEN_WEEKS, drift: 0, noise: 0.3, burstEvery: 120 },
  { name: 'cluster', rate: 1, hours: SIXTEEN_WEEKS, drift: 0.5, noise: 0.3, burstEvery: 120 },
  { name: 'topic', rate: 8, hours: SIXTEEN_WEEKS, drift: 1, noise: 0.3, burstEvery: 120 },
  { name: 'busy', rate: 60, hours: SIXTEEN_WEEKS, drift: 1, noise: 0.25, burstEvery: 120 },
  { name: 'shrinking', rate: 20, hours: SIXTEEN_WEEKS, drift: -0.6, noise: 0.3, burstEvery: 120 },
  { name: 'no bursts', rate: 4, hours: SIXTEEN_WEEKS, drift: 0.5, noise: 0.4, burstEvery: Number.POSITIVE_INFINITY },
];
const DETECTORS = [ownDetector, fixedThreshold, zScore];

/** Replays counts through the detector of the service and two plain ones. Deterministic. */
export async function evaluateBursts(nabFolder: string, signal: AbortSignal): Promise<BurstEvaluation> {
  const nab = await readNabStreams(nabFolder);
  const generated = SHAPES.map((shape, at) => generateStream(shape, at + 1));
  const score = (streams: readonly CountStream[]) =>
    streams.map((stream) => {
      signal.throwIfAborted();
      return { name: stream.name, scores: DETECTORS.map((create) => replay(stream, create())) };
    });
  const [ofNab, ofGenerated] = [score(nab), score(generated)];
  return { streams: [...ofNab, ...ofGenerated], nab: total(ofNab), generated: total(ofGenerated) };
}

/** One stream through one detector; the first week, in which it learns, is not judged. */
export function replay({ startsAt, counts, windows }: CountStream, detector: StreamDetector): BurstScores {
  const judged = windows.filter(({ from }) => from >= startsAt + WARM_UP_HOURS * HOUR_MS);
  const alarms: number[] = [];
  const alarmed = new Set<number>();
  const delays = new Map<number, number>();
  let wasOn = false;
  for (const [step, count] of counts.entries()) {
    const at = startsAt + step * STEP_MS;
    const isOn = detector.step(at, count);
    if (isOn) alarmed.add(Math.floor(at / HOUR_MS));
    if (isOn && !wasOn) alarms.push(at);
    wasOn = isOn;
    const window = isOn ? judged.findIndex(({ from, to }) => at >= from && at <= to) : -1;
    if (window >= 0 && !delays.has(window)) delays.set(window, (at - (judged[window]?.from ?? at)) / 60_000);
  }
  const hours = Math.max(0, (counts.length * STEP_MS) / HOUR_MS - WARM_UP_HOURS);
  // An alarm may last an hour longer than the burst: the hour that it counts ends then.
  const isKnown = (at: number) => windows.some(({ from, to }) => at + HOUR_MS > from && at <= to + HOUR_MS);
  const known = windows.reduce((sum, { from, to }) => sum + (to - from) / HOUR_MS + 1, 0);
  const strange = [...alarmed].filter((hour) => !isKnown(hour * HOUR_MS)).length;
  return {
    detector: detector.name,
    bursts: judged.length,
    found: delays.size,
    found_within_1h: [...delays.values()].filter((minutes) => minutes <= 60).length,
    delay_minutes: mean([...delays.values()]),
    false_alarms_per_1000h: (alarms.filter((at) => !isKnown(at)).length * 1_000) / hours,
    false_hour_share: strange / Math.max(1, hours - known),
    alarmed_hour_share: alarmed.size / hours,
    hours,
  };
}

function total(streams: readonly { readonly scores: readonly BurstScores[] }[]): BurstScores[] {
  return DETECTORS.map((_, at) => {
    const scores = streams.flatMap(({ scores: all }) => all[at] ?? []);
    const sum = (pick: (one: BurstScores) => number) => scores.reduce((whole, one) => whole + pick(one), 0);
    const hours = sum((one) => one.hours);
    const weighed = (pick: (one: BurstScores) => number) => sum((one) => pick(one) * one.hours) / hours;
    const found = sum((one) => one.found);
    return {
      detector: scores[0]?.detector ?? '',
      bursts: sum((one) => one.bursts),
      found,
      found_within_1h: sum((one) => one.found_within_1h),
      delay_minutes: found === 0 ? null : sum((one) => (one.delay_minutes ?? 0) * one.found) / found,
      false_alarms_per_1000h: weighed((one) => one.false_alarms_per_1000h),
      false_hour_share: weighed((one) => one.false_hour_share),
      alarmed_hour_share: weighed((one) => one.alarmed_hour_share),
      hours,
    };
  });
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
