import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { HOUR_MS } from '../clusters/trend/burst.ts';
import { AppError } from '../errors.ts';
import { createRandom } from '../learning/random.ts';

/** People who wrote, by five minutes, and the times in which a burst is known to be. */
export interface CountStream {
  readonly name: string;
  /** Milliseconds since 1970 of the first step. */
  readonly startsAt: number;
  readonly counts: readonly number[];
  readonly windows: readonly { readonly from: number; readonly to: number }[];
}

export const STEP_MS = 300_000;
const STEPS_PER_HOUR = HOUR_MS / STEP_MS;
/** A burst brings three to six times so many people an hour where fewer are usual. */
const LEAST_BURST = 4;
const windowsSchema = z.record(z.string(), z.array(z.tuple([z.string(), z.string()])));

/**
 * The NAB series of tweets: counts of five minutes with windows around labelled anomalies.
 *
 * @throws AppError `file_error` when the folder has no `windows.json`
 */
export async function readNabStreams(folder: string): Promise<CountStream[]> {
  const read = async (name: string) => {
    try {
      return await readFile(path.join(folder, name), 'utf8');
    } catch (cause) {
      throw new AppError('file_error', `${path.join(folder, name)} cannot be read`, { cause });
    }
  };
  const windows = windowsSchema.parse(JSON.parse(await read('windows.json')));
  return Promise.all(
    Object.entries(windows).map(async ([key, spans]) => {
      const name = path.basename(key);
      const rows = (await read(name))
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(','));
      return {
        name: name.replace(/\.csv$/u, ''),
        startsAt: toTime(rows[0]?.[0]),
        counts: rows.map(([, value]) => Number(value)),
        windows: spans.map(([from, to]) => ({ from: toTime(from), to: toTime(to) })),
      };
    }),
  );
}

function toTime(text = ''): number {
  return Date.parse(`${text.replace(' ', 'T').replace(/\.\d+$/u, '')}Z`);
}

/** What a generated stream is like. */
export interface StreamShape {
  readonly name: string;
  /** People per hour on average. */
  readonly rate: number;
  readonly hours: number;
  /** Growth over the whole stream: 1 doubles the rate. */
  readonly drift: number;
  /** Ups and downs of hours beyond chance: the relative standard deviation of their rates. */
  readonly noise: number;
  /** Hours between bursts on average. */
  readonly burstEvery: number;
}

/** Arrivals with the shape of day and week, drift and noise, and bursts. */
export function generateStream(shape: StreamShape, seed: number): CountStream {
  const random = createRandom(seed);
  const startsAt = Date.UTC(2026, 0, 5);
  const steps = shape.hours * STEPS_PER_HOUR;
  const bursts = drawBursts(shape, random);
  let hourly = 1;
  const counts = Array.from({ length: steps }, (_, step) => {
    const hour = step / STEPS_PER_HOUR;
    if (step % STEPS_PER_HOUR === 0) hourly = Math.max(0, 1 + shape.noise * normal(random));
    const usual = (shape.rate * usualShape(hour) * (1 + (shape.drift * hour) / shape.hours) * hourly) / STEPS_PER_HOUR;
    const times = bursts.reduce((sum, burst) => sum + (step >= burst.from && step < burst.to ? burst.times : 0), 0);
    return poisson(usual, random) + poisson(times * Math.max(usual, LEAST_BURST / STEPS_PER_HOUR), random);
  });
  const toMs = (step: number) => startsAt + step * STEP_MS;
  return {
    name: shape.name,
    startsAt,
    counts,
    windows: bursts.map(({ from, to }) => ({ from: toMs(from), to: toMs(to) })),
  };
}

/** More by day than by night, less at weekends; 1 on average. */
function usualShape(hour: number): number {
  const day = 1 + 0.7 * Math.sin(((hour % 24) - 8) * (Math.PI / 12));
  return day * (Math.floor(hour / 24) % 7 >= 5 ? 0.65 : 1.14);
}

/** Three to six times as many more as are usual at that hour, for one to three hours. */
function drawBursts({ hours, burstEvery }: StreamShape, random: () => number) {
  const bursts: { from: number; to: number; times: number }[] = [];
  const first = 14 * 24;
  for (let hour = first + random() * burstEvery; hour < hours - 4; hour += burstEvery * (0.5 + random())) {
    const from = Math.floor(hour * STEPS_PER_HOUR);
    const length = STEPS_PER_HOUR * (1 + Math.floor(random() * 3));
    bursts.push({ from, to: from + length, times: 3 + 3 * random() });
  }
  return bursts;
}

/** Knuth's method, with the normal approximation where counts are large. */
function poisson(mean: number, random: () => number): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count++;
  return count;
}

/** Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
