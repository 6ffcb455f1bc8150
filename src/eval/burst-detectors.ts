import { BurstDetector, HOUR_MS, LEAST_PEOPLE } from '../clusters/trend/burst.ts';
import { STEP_MS } from './burst-streams.ts';

/** Takes the people of five minutes and says whether there is a burst now. */
export interface StreamDetector {
  readonly name: string;
  step(at: number, count: number): boolean;
}

const STEPS_PER_HOUR = HOUR_MS / STEP_MS;
/** Hours of the past that the z-score looks at, and how far above them an hour must be. */
const Z_HOURS = 7 * 24;
const Z = 3;
/** A week tells every hour of it once; until then nothing is called a burst. */
export const WARM_UP_HOURS = 7 * 24;

/** What the service uses; everybody who is counted is somebody else. */
export function ownDetector(): StreamDetector {
  const detector = new BurstDetector({ warmUpHours: WARM_UP_HOURS });
  let people = 0;
  return {
    name: 'negative-binomial tail',
    step(at, count) {
      detector.advance(at);
      for (let one = 0; one < count; one++) detector.observe(at, String(people++));
      return detector.burst !== undefined;
    },
  };
}

/** The last hour against a number set beforehand: five, or three times the mean hour of the first week. */
export function fixedThreshold(): StreamDetector {
  const hour = new SlidingHour();
  let seen = 0;
  let steps = 0;
  return {
    name: 'fixed threshold',
    step(_, count) {
      const people = hour.add(count);
      if (steps++ < WARM_UP_HOURS * STEPS_PER_HOUR) seen += count;
      if (steps <= WARM_UP_HOURS * STEPS_PER_HOUR) return false;
      return people >= Math.max(LEAST_PEOPLE, (3 * seen) / WARM_UP_HOURS);
    },
  };
}

/** The last hour against mean and standard deviation of the week before. */
export function zScore(): StreamDetector {
  const hour = new SlidingHour();
  const past: number[] = [];
  let steps = 0;
  let [mean, deviation] = [0, 0];
  return {
    name: 'z-score',
    step(_, count) {
      const people = hour.add(count);
      if (++steps % STEPS_PER_HOUR === 0) {
        past.push(people);
        const recent = past.slice(-Z_HOURS);
        mean = recent.reduce((sum, one) => sum + one, 0) / recent.length;
        deviation = Math.sqrt(recent.reduce((sum, one) => sum + (one - mean) ** 2, 0) / recent.length);
      }
      return past.length >= WARM_UP_HOURS && people >= LEAST_PEOPLE && people > mean + Z * deviation;
    },
  };
}

class SlidingHour {
  readonly #steps: number[] = [];
  #sum = 0;

  add(count: number): number {
    this.#steps.push(count);
    this.#sum += count - (this.#steps.length > STEPS_PER_HOUR ? (this.#steps.shift() ?? 0) : 0);
    return this.#sum;
  }
}
