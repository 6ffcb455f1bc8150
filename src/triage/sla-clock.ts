import { isPaused, runningTimeBetween } from './pauses.ts';
import type { Priority } from './rules.ts';
import { type Due, deriveDues, type Sla, type SlaItem } from './sla.ts';

export const DEADLINES = ['first_response', 'resolution'] as const;
export type DeadlineName = (typeof DEADLINES)[number];

/** A missed deadline that stays on record, whatever becomes of the priority. */
export interface Breach {
  readonly dueAt: Date;
  readonly priority: Priority;
}
export type Breaches = Readonly<Partial<Record<DeadlineName, Breach>>>;

/** An item whose clocks run, or have been stopped by what was done. */
export interface ClockedItem extends SlaItem {
  readonly firstRespondedAt: Date | undefined;
  readonly resolvedAt: Date | undefined;
  /** Breaches that are on record. */
  readonly breaches: Breaches;
}

/**
 * `running` nothing to tell; `paused` it waits for the customer; `warned` little time is left; `breached` missed and
 * still open; `met` done in time; `met_late` done, after the deadline or a breach on record.
 */
export type ClockState = 'running' | 'paused' | 'warned' | 'breached' | 'met' | 'met_late';

export interface DeadlineClock {
  readonly state: ClockState;
  /** Undefined while an open pause holds it up. */
  readonly dueAt: Date | undefined;
  readonly warnAt: Date | undefined;
  /** Working time that is left, milliseconds; 0 when it is over. */
  readonly remainingMs: number;
  /** Working time used by the promised one: 0 at the receipt, above 1 when it is late. */
  readonly usedShare: number;
}

export interface Clock {
  readonly firstResponse: DeadlineClock;
  readonly resolution: DeadlineClock | undefined;
}

/**
 * Where both clocks of an item stand at `now`. A clock that was met stands at that moment; before the receipt nothing
 * has run.
 */
export function deriveClock(sla: Sla, item: ClockedItem, now: Date): Clock {
  const { firstResponse, resolution } = deriveDues(sla, item);
  return {
    firstResponse: readClock(firstResponse, {
      now,
      // What is solved without a word of ours needs no first answer any more.
      metAt: item.firstRespondedAt ?? item.resolvedAt,
      breach: item.breaches.first_response,
    }),
    resolution: resolution && readClock(resolution, { now, metAt: item.resolvedAt, breach: item.breaches.resolution }),
  };
}

/** The clock of a deadline, undefined where none is promised. */
export function clockOf(clock: Clock, name: DeadlineName): DeadlineClock | undefined {
  return name === 'first_response' ? clock.firstResponse : clock.resolution;
}

interface Face {
  readonly now: Date;
  readonly metAt: Date | undefined;
  readonly breach: Breach | undefined;
}

function readClock(due: Due, face: Face): DeadlineClock {
  const { target, receivedAt, pauses, dueAt, warnAt } = due;
  const { calendar, ms } = target;
  const used = runningTimeBetween(calendar, receivedAt, face.metAt ?? face.now, pauses);
  return { state: stateOf(due, face), dueAt, warnAt, remainingMs: Math.max(0, ms - used), usedShare: used / ms };
}

function stateOf({ dueAt, warnAt, pauses }: Due, { now, metAt, breach }: Face): ClockState {
  const isMissed = breach !== undefined || (dueAt !== undefined && (metAt ?? now) > dueAt);
  if (metAt !== undefined) return isMissed ? 'met_late' : 'met';
  if (isMissed) return 'breached';
  if (isPaused(pauses, now)) return 'paused';
  return warnAt !== undefined && now >= warnAt ? 'warned' : 'running';
}
