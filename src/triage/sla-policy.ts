import { z } from 'zod';
import type { Calendar } from './calendar.ts';
import { calendarSchema, lengthOf, openCalendar } from './calendar-schema.ts';
import { durationSchema, parseDuration, toWorkingMs } from './duration.ts';
import { PRIORITIES, type Priority } from './rules.ts';
import { keySchema } from './taxonomy.ts';

const WEEK_DAYS = 7;
/** Half of what is looked through for a deadline; the other half is for holidays. */
const MAX_CALENDAR_DAYS = 1_830;

const targetSchema = z.strictObject({
  duration: durationSchema.describe('Working time of the calendar: `90m`, `4h`, `5d` or ISO 8601.'),
  calendar: z.string().describe('Name of one of `calendars`.'),
});
const WARNINGS = 'must be a duration such as 15m, or the share of the time that is left, above 0 and below 1';
const warnSchema = z.union([z.number().gt(0, WARNINGS).lt(1, WARNINGS), durationSchema], { error: WARNINGS });
const prioritySchema = z.strictObject({
  first_response: targetSchema,
  resolution: targetSchema.nullable().describe('`null` where no solution is promised.'),
  warn_before: warnSchema.optional().describe('How long before a deadline a warning is given.'),
  escalate_to: z.string().optional().describe('Queue that takes over when a deadline is missed.'),
});
const conditionSchema = z.array(z.string().min(1).max(64)).min(1).max(100).optional();

/** `data/sla.yaml`: what is promised for each priority, and by which calendars it is counted. */
export const slaSchema = z
  .strictObject({
    version: z.string().min(1).max(64),
    calendars: z.array(calendarSchema).min(1).max(100),
    priorities: z.record(z.enum(PRIORITIES), prioritySchema),
    overrides: z
      .array(
        z
          .strictObject({
            name: keySchema.optional(),
            tiers: conditionSchema.describe('Holds for customers of these tiers.'),
            queues: conditionSchema.describe('Holds for items in these queues.'),
            priorities: z.partialRecord(z.enum(PRIORITIES), prioritySchema.partial()),
          })
          .refine(({ tiers, queues }) => tiers !== undefined || queues !== undefined, {
            message: 'must name tiers or queues; what holds for all stands in priorities',
          }),
      )
      .max(100)
      .default([])
      .describe('The first whose conditions all hold; what it leaves out is as in `priorities`.'),
  })
  .superRefine((policy, context) => {
    for (const { path, message } of findFaults(policy)) context.addIssue({ code: 'custom', path, message });
  });
export type SlaPolicy = z.infer<typeof slaSchema>;
export type TargetDefinition = z.infer<typeof targetSchema>;
export type PriorityDefinition = z.infer<typeof prioritySchema>;

/** What is promised for a priority, with what the override that holds (if any) changes of it. */
export function mergePriority(
  policy: SlaPolicy,
  priority: Priority,
  override?: SlaPolicy['overrides'][number],
): PriorityDefinition {
  const base = policy.priorities[priority];
  const own = override?.priorities[priority] ?? {};
  return {
    first_response: own.first_response ?? base.first_response,
    // Null says that no solution is promised.
    resolution: own.resolution === undefined ? base.resolution : own.resolution,
    warn_before: own.warn_before ?? base.warn_before,
    escalate_to: own.escalate_to ?? base.escalate_to,
  };
}

interface Fault {
  readonly path: PropertyKey[];
  readonly message: string;
}

function findFaults(policy: SlaPolicy): Fault[] {
  const calendars = new Map<string, Calendar>();
  const twice = policy.calendars.flatMap((definition, index): Fault[] => {
    const known = calendars.has(definition.name);
    calendars.set(definition.name, openCalendar(definition, 'UTC'));
    return known ? [{ path: ['calendars', index, 'name'], message: `calendar ${definition.name} is there twice` }] : [];
  });
  const base = PRIORITIES.flatMap((priority) =>
    faultsOf(calendars, mergePriority(policy, priority), ['priorities', priority]),
  );
  const overridden = policy.overrides.flatMap((override, index) =>
    PRIORITIES.filter((priority) => override.priorities[priority] !== undefined).flatMap((priority) =>
      faultsOf(calendars, mergePriority(policy, priority, override), ['overrides', index, 'priorities', priority]),
    ),
  );
  return [...twice, ...base, ...overridden];
}

function faultsOf(
  calendars: ReadonlyMap<string, Calendar>,
  { warn_before: warn, ...targets }: PriorityDefinition,
  path: PropertyKey[],
): Fault[] {
  return (['first_response', 'resolution'] as const).flatMap((name): Fault[] => {
    const target = targets[name];
    if (target === null) return [];
    const at = [...path, name];
    const calendar = calendars.get(target.calendar);
    if (calendar === undefined) {
      const known = [...calendars.keys()].join(', ');
      return [{ path: [...at, 'calendar'], message: `there is no calendar ${target.calendar}; there are ${known}` }];
    }
    const ms = workingMsOf(target.duration, calendar);
    const faults: Fault[] = [];
    const days = (ms / calendar.week.reduce((sum, ranges) => sum + lengthOf(ranges), 0)) * WEEK_DAYS;
    if (days > MAX_CALENDAR_DAYS) {
      const message = `${target.duration} takes ${Math.round(days)} days of the calendar ${calendar.name}; at most ${MAX_CALENDAR_DAYS} are accepted`;
      faults.push({ path: [...at, 'duration'], message });
    }
    if (typeof warn === 'string' && workingMsOf(warn, calendar) >= ms)
      faults.push({ path: [...path, 'warn_before'], message: `must be shorter than ${target.duration}, the ${name}` });
    return faults;
  });
}

/** Milliseconds that a checked duration stands for in a calendar. */
export function workingMsOf(duration: string, calendar: Calendar): number {
  const parsed = parseDuration(duration);
  if (parsed === undefined) throw new RangeError(`${duration} is not a duration`);
  return toWorkingMs(parsed, calendar.dayMs);
}
