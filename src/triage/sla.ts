import { addWorkingTime, type Calendar } from './calendar.ts';
import { openCalendar } from './calendar-schema.ts';
import { addRunningTime, type Pause } from './pauses.ts';
import type { Priority } from './rules.ts';
import {
  mergePriority,
  type PriorityDefinition,
  type SlaPolicy,
  type TargetDefinition,
  workingMsOf,
} from './sla-policy.ts';

/** One promise: so much working time of a calendar. */
export interface Target {
  readonly calendar: Calendar;
  readonly ms: number;
  /** Working time before the deadline at which a warning is due. */
  readonly warnBeforeMs: number | undefined;
}

/** What is promised for one item. */
export interface Promises {
  readonly firstResponse: Target;
  readonly resolution: Target | undefined;
  /** Queue that takes over when a deadline is missed. */
  readonly escalateTo: string | undefined;
}

/** What may change a promise besides the priority. */
export interface SlaFacts {
  readonly tier?: string | undefined;
  readonly queue?: string | undefined;
}

/** A policy of deadlines, ready to count with. */
export interface Sla {
  readonly version: string;
  /** Calendars that promises are counted by. */
  readonly calendars: readonly Calendar[];
  promisesFor(priority: Priority, facts: SlaFacts): Promises;
}

/** What deadlines hang on. */
export interface SlaItem {
  readonly priority: Priority;
  readonly receivedAt: Date;
  /** When the item waited for the customer; these stop the resolution, never the first response. */
  readonly pauses: readonly Pause[];
  readonly facts: SlaFacts;
  /** When the first answer was due at the time that it was given: what comes later does not change that. */
  readonly answerDueAt?: Date | undefined;
}

export interface Deadlines {
  readonly firstResponseAt: Date;
  /** Undefined where none is promised, and while an open pause holds it up. */
  readonly resolveAt: Date | undefined;
  /** When it is time to warn of each. */
  readonly warnings: { readonly firstResponseAt: Date | undefined; readonly resolveAt: Date | undefined };
}

type PromiseTable = Readonly<Record<Priority, Promises>>;
const opened = new WeakMap<SlaPolicy, Map<string, Sla>>();

/** Makes a policy ready, once per policy and zone. @param timeZone of calendars that name none */
export function openSla(policy: SlaPolicy, timeZone: string): Sla {
  const known = opened.get(policy) ?? new Map<string, Sla>();
  opened.set(policy, known);
  const sla = known.get(timeZone) ?? prepare(policy, timeZone);
  known.set(timeZone, sla);
  return sla;
}

/**
 * When the first answer and the solution are due. Both count from the receipt, whatever the priority was before, so
 * that nothing that has run is lost by a change; the time of an answer that was given stays.
 */
export function deriveDeadlines(sla: Sla, { priority, receivedAt, pauses, facts, answerDueAt }: SlaItem): Deadlines {
  const { firstResponse, resolution } = sla.promisesFor(priority, facts);
  return {
    firstResponseAt: answerDueAt ?? addWorkingTime(firstResponse.calendar, receivedAt, firstResponse.ms),
    resolveAt: resolution && addRunningTime(resolution.calendar, receivedAt, resolution.ms, pauses),
    warnings: {
      firstResponseAt: deriveWarning(firstResponse, receivedAt, []),
      resolveAt: resolution && deriveWarning(resolution, receivedAt, pauses),
    },
  };
}

function deriveWarning(target: Target, receivedAt: Date, pauses: readonly Pause[]): Date | undefined {
  const { calendar, ms, warnBeforeMs } = target;
  return warnBeforeMs === undefined ? undefined : addRunningTime(calendar, receivedAt, ms - warnBeforeMs, pauses);
}

function prepare(policy: SlaPolicy, timeZone: string): Sla {
  const calendars = new Map(
    policy.calendars.map((definition) => [definition.name, openCalendar(definition, timeZone)]),
  );
  const tableFor = (override?: SlaPolicy['overrides'][number]): PromiseTable => {
    const promise = (priority: Priority) => toPromises(mergePriority(policy, priority, override), calendars);
    return { P1: promise('P1'), P2: promise('P2'), P3: promise('P3'), P4: promise('P4') };
  };
  const base = tableFor();
  const overrides = policy.overrides.map((override) => ({
    queues: override.queues,
    tiers: override.tiers?.map((tier) => tier.toLowerCase()),
    table: tableFor(override),
  }));
  const promised = [base, ...overrides.map(({ table }) => table)].flatMap((table) => Object.values(table));
  const targets = promised.flatMap(({ firstResponse, resolution }) => [
    firstResponse,
    ...(resolution ? [resolution] : []),
  ]);
  return {
    version: policy.version,
    calendars: [...new Set(targets.map(({ calendar }) => calendar))],
    promisesFor: (priority, { tier, queue }) => {
      const hit = overrides.find(
        ({ tiers, queues }) =>
          (tiers === undefined || (tier !== undefined && tiers.includes(tier.toLowerCase()))) &&
          (queues === undefined || (queue !== undefined && queues.includes(queue))),
      );
      return (hit?.table ?? base)[priority];
    },
  };
}

function toPromises(definition: PriorityDefinition, calendars: ReadonlyMap<string, Calendar>): Promises {
  const { first_response, resolution, warn_before, escalate_to } = definition;
  const target = ({ duration, calendar: name }: TargetDefinition): Target => {
    const calendar = calendars.get(name);
    if (calendar === undefined) throw new RangeError(`there is no calendar ${name}`);
    const ms = workingMsOf(duration, calendar);
    return { calendar, ms, warnBeforeMs: warnMs(warn_before, ms, calendar) };
  };
  return {
    firstResponse: target(first_response),
    resolution: resolution === null ? undefined : target(resolution),
    escalateTo: escalate_to,
  };
}

function warnMs(warn: PriorityDefinition['warn_before'], ms: number, calendar: Calendar): number | undefined {
  if (warn === undefined) return undefined;
  return typeof warn === 'number' ? Math.round(ms * warn) : workingMsOf(warn, calendar);
}
