import type { Priority } from './rules.ts';
import type { Sla } from './sla.ts';
import { type Breaches, type ClockedItem, clockOf, DEADLINES, type DeadlineName, deriveClock } from './sla-clock.ts';

/** An item with what has been told of its deadlines. */
export interface SweptItem extends ClockedItem {
  /** The priority under which a warning was given. */
  readonly warned: Readonly<Partial<Record<DeadlineName, Priority>>>;
}

/** Something about a deadline that people have to be told. */
export interface Telling {
  readonly what: 'warned' | 'breached';
  readonly deadline: DeadlineName;
  readonly dueAt: Date;
}

export interface Sweep {
  readonly tellings: readonly Telling[];
  /** The item once they are told. */
  readonly item: SweptItem;
}

/**
 * What is to be told at `now` and has not been: each breach once, a warning once per priority, and none of a deadline
 * that is missed already.
 */
export function deriveTellings(sla: Sla, item: SweptItem, now: Date): Sweep {
  const clock = deriveClock(sla, item, now);
  const tellings = DEADLINES.flatMap((deadline): Telling[] => {
    const { state, dueAt, warnAt } = clockOf(clock, deadline) ?? {};
    if (dueAt === undefined || state === 'met' || item.breaches[deadline] !== undefined) return [];
    if (state === 'breached' || state === 'met_late') return [{ what: 'breached', deadline, dueAt }];
    const isTime = warnAt !== undefined && now >= warnAt && item.warned[deadline] !== item.priority;
    return isTime ? [{ what: 'warned', deadline, dueAt }] : [];
  });
  return { tellings, item: tellings.reduce(withTelling, item) };
}

/** The first moment after which there is something to tell; undefined while there will be nothing. */
export function deriveNextLook(sla: Sla, item: SweptItem): Date | undefined {
  // Read at the receipt, before which nothing has come to pass: only dates and what was done count here.
  const clock = deriveClock(sla, item, item.receivedAt);
  const looks = DEADLINES.flatMap((deadline): Date[] => {
    const { state, dueAt, warnAt } = clockOf(clock, deadline) ?? {};
    if (dueAt === undefined || state === 'met' || item.breaches[deadline] !== undefined) return [];
    if (warnAt === undefined || state === 'met_late' || item.warned[deadline] === item.priority) return [dueAt];
    return [warnAt];
  });
  return looks.toSorted((left, right) => left.getTime() - right.getTime())[0];
}

function withTelling(item: SweptItem, { what, deadline, dueAt }: Telling): SweptItem {
  if (what === 'warned') return { ...item, warned: { ...item.warned, [deadline]: item.priority } };
  const breaches: Breaches = { ...item.breaches, [deadline]: { dueAt, priority: item.priority } };
  return { ...item, breaches };
}
