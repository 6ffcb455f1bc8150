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
  /** What the items merged into it were promised, which it keeps in their place. */
  readonly owed?: readonly OwedPromise[] | undefined;
}

/** What an item was promised until another came to speak for it. */
export interface OwedPromise extends Pick<SlaItem, 'priority' | 'receivedAt' | 'pauses' | 'facts'> {
  /** The item that brought it, which takes it along when it is unmerged. */
  readonly via: string;
  /** From then on the pauses of the item that speaks for it count. */
  readonly mergedAt: Date;
  /** Whether its customer had an answer before that. */
  readonly isAnswered: boolean;
}

/** One deadline, and what it is counted from. */
export interface Due {
  readonly target: Target;
  readonly receivedAt: Date;
  readonly pauses: readonly Pause[];
  /** Undefined while an open pause holds it up. */
  readonly dueAt: Date | undefined;
  readonly warnAt: Date | undefined;
}

/** The solution is undefined where none is promised. */
export interface Dues {
  readonly firstResponse: Due;
  readonly resolution: Due | undefined;
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
 * that nothing that has run is lost by a change; the time of an answer that was given stays. What is owed to others
 * counts from their own receipt.
 */
export function deriveDeadlines(sla: Sla, item: SlaItem): Deadlines {
  const { firstResponse, resolution } = deriveDues(sla, item);
  return {
    firstResponseAt: firstResponse.dueAt,
    resolveAt: resolution?.dueAt,
    warnings: { firstResponseAt: firstResponse.warnAt, resolveAt: resolution?.warnAt },
  };
}

/** The deadlines that bind: of what the item and those merged into it were promised, the earliest of each. */
export function deriveDues(sla: Sla, item: SlaItem): Dues & { readonly firstResponse: { readonly dueAt: Date } } {
  const own = countDues(sla, item);
  const first = item.answerDueAt ? { ...own.firstResponse, dueAt: item.answerDueAt } : own.firstResponse;
  return (item.owed ?? []).reduce(
    (binding, promise) => {
      const pauses = pausesOf(promise, item.pauses);
      const other = countDues(sla, { ...promise, pauses });
      const isOpen = item.answerDueAt === undefined && !promise.isAnswered;
      return {
        firstResponse: isOpen ? earlier(binding.firstResponse, other.firstResponse) : binding.firstResponse,
        resolution: earlier(binding.resolution, other.resolution),
      };
    },
    { firstResponse: first, resolution: own.resolution },
  );
}

/** When the clock of a promise stood: by its own item, and since the merging by the one that speaks for it. */
export function pausesOf({ pauses, mergedAt }: OwedPromise, speaking: readonly Pause[]): Pause[] {
  const later = speaking.filter(({ to }) => to === null || to > mergedAt);
  return [...pauses, ...later.map(({ from, to }) => ({ from: from > mergedAt ? from : mergedAt, to }))];
}

function countDues(sla: Sla, { priority, receivedAt, pauses, facts }: Omit<SlaItem, 'owed' | 'answerDueAt'>) {
  const { firstResponse, resolution } = sla.promisesFor(priority, facts);
  return {
    firstResponse: {
      target: firstResponse,
      receivedAt,
      pauses: [],
      dueAt: addWorkingTime(firstResponse.calendar, receivedAt, firstResponse.ms),
      warnAt: deriveWarning(firstResponse, receivedAt, []),
    },
    resolution: resolution && {
      target: resolution,
      receivedAt,
      pauses,
      dueAt: addRunningTime(resolution.calendar, receivedAt, resolution.ms, pauses),
      warnAt: deriveWarning(resolution, receivedAt, pauses),
    },
  };
}

/** One that is held up comes after those that are not. */
function earlier<Kind extends Due | undefined>(left: Kind, right: Kind): Kind {
  if (left?.dueAt === undefined) return right ?? left;
  return right?.dueAt !== undefined && right.dueAt < left.dueAt ? right : left;
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
