import { z } from 'zod';
import type { Context } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { zonedTime } from '../../intake/request.ts';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;
/** Longest period of each grain, days: a report of so many lines that somebody reads it. */
const MAX_DAYS = { day: 92, week: 400, month: 1_100 } as const;

export const GRAINS = ['day', 'week', 'month'] as const;
export type Grain = (typeof GRAINS)[number];

/** The query of `GET /v1/replies/report`. */
export const reportQuerySchema = z.strictObject({
  from: zonedTime
    .optional()
    .describe(
      'Drafts that were made, and messages that were sent, at or after this time; 30 days before `to` unless given.',
    )
    .meta({ example: '2026-11-01T00:00:00+08:00' }),
  to: zonedTime
    .optional()
    .describe('Before this time; now unless given.')
    .meta({ example: '2026-12-01T00:00:00+08:00' }),
  every: z.enum(GRAINS).default('month').describe('Length of the periods, of the business time zone.'),
});
export type ReportQuery = z.infer<typeof reportQuerySchema>;

export interface Period {
  readonly from: Date;
  readonly to: Date;
  readonly every: Grain;
  readonly zone: string;
}

/** @throws AppError `invalid_input` for a period that is empty or too long */
export function periodOf({ from, to, every }: ReportQuery, { config, now }: Pick<Context, 'config' | 'now'>): Period {
  const end = to === undefined ? now() : new Date(to);
  const start = from === undefined ? new Date(end.getTime() - DEFAULT_DAYS * DAY_MS) : new Date(from);
  if (start >= end)
    throw refuse(from === undefined ? '/to' : '/from', 'must lie before `to`, which is now unless given');
  const days = MAX_DAYS[every];
  if (end.getTime() - start.getTime() > days * DAY_MS)
    throw refuse('/from', `must lie at most ${days} days before \`to\` where \`every\` is ${every}`);
  return { from: start, to: end, every, zone: config.TIME_ZONE };
}

function refuse(pointer: string, message: string): AppError {
  const detail = `There is no report of this period: \`${pointer.slice(1)}\` ${message}.`;
  return new AppError('invalid_input', detail, { errors: [{ pointer, message }] });
}
