import { z } from 'zod';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import type { Actor } from '../feedback/actor.ts';
import { calendarSchema } from '../triage/calendar-schema.ts';
import { type Published, publishPolicy } from './publish.ts';

/** A calendar as it is written in the document of deadlines. */
const namedSchema = z.looseObject({ name: z.string() });
const documentSchema = z.looseObject({ calendars: z.array(namedSchema) });
export type WrittenCalendar = z.infer<typeof namedSchema>;

/** The calendars in force, as they were written. */
export function listCalendars({ policy }: Pick<Context, 'policy'>): WrittenCalendar[] {
  return documentSchema.parse(policy.documents.sla).calendars;
}

/** @throws AppError `not_found` */
export function getCalendar(context: Pick<Context, 'policy'>, name: string): WrittenCalendar {
  const found = listCalendars(context).find((calendar) => calendar.name === name);
  if (found === undefined)
    throw new AppError('not_found', 'There is no calendar of this name. GET /v1/calendars lists those there are.');
  return found;
}

/**
 * Publishes the deadlines in force with one calendar put in or exchanged. What has come before counts by the version of
 * its time.
 *
 * @throws AppError `invalid_input` naming the calendar, the day and what is wrong; `conflict` when others publish too
 */
export async function putCalendar(
  context: Context,
  name: string,
  calendar: Readonly<Record<string, unknown>>,
  actor: Actor,
): Promise<Published> {
  const written = { ...calendar, name };
  const parsed = calendarSchema.safeParse(written);
  if (!parsed.success) {
    const errors = parsed.error.issues.map(({ path, message }) => ({ pointer: `/${path.join('/')}`, message }));
    throw new AppError('invalid_input', 'The calendar cannot be used.', { errors });
  }
  const document = documentSchema.parse(context.policy.documents.sla);
  const at = document.calendars.findIndex((one) => one.name === name);
  const calendars = at === -1 ? [...document.calendars, written] : document.calendars.with(at, written);
  return await publish(context, { ...document, calendars }, `calendar ${name}`, actor);
}

/** @throws AppError `not_found`, or `invalid_input` naming the deadlines that are counted by it */
export async function deleteCalendar(context: Context, name: string, actor: Actor): Promise<Published> {
  getCalendar(context, name);
  const document = documentSchema.parse(context.policy.documents.sla);
  const calendars = document.calendars.filter((one) => one.name !== name);
  return await publish(context, { ...document, calendars }, `without calendar ${name}`, actor);
}

async function publish(context: Context, document: object, note: string, actor: Actor): Promise<Published> {
  const parent = context.policy.versions.sla;
  return await publishPolicy(context, { kind: 'sla', document, parent, note }, actor);
}
