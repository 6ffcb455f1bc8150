import { sql } from 'kysely';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { decodeCursor, toPage } from '../db/paginate.ts';
import { AppError, type FieldError } from '../errors.ts';
import { zonedTime } from '../intake/request.ts';
import { storable } from '../text/storable.ts';
import { STATUSES } from '../triage/lifecycle.ts';
import { PRIORITIES } from '../triage/rules.ts';
import { isRetired, type LabelGroup, refuseLabel, type Taxonomy } from '../triage/taxonomy.ts';
import { toView } from './rows.ts';
import type { FeedbackView } from './view.ts';
import { isAwake, isOpenItem } from './waiting.ts';

const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 200;

const word = (longest: number) => storable(z.string().min(1, 'must not be empty').max(longest));

const flag = z.enum(['true', 'false']);

/** The filters of `GET /v1/feedback`; all of them must hold. */
export const listQuerySchema = z.strictObject({
  status: z.enum(STATUSES).optional().describe('Where items stand in their life.').meta({ example: 'assigned' }),
  priority: z.enum(PRIORITIES).optional().describe('Of the decision in force.').meta({ example: 'P1' }),
  type: word(64).optional().describe('A type of the taxonomy; one that was retired is refused.'),
  topic: word(64)
    .optional()
    .describe('A topic of the taxonomy, among those of the item; one that was retired is refused.')
    .meta({ example: 'withdrawal' }),
  language: word(16).optional().describe('As detected or sent.').meta({ example: 'zh' }),
  queue: word(64).optional().describe('The queue that it lies in.').meta({ example: 'payments' }),
  assignee: z.uuid().optional().describe('The agent who has it.'),
  unassigned: flag.optional().describe('`true`: open items that nobody has; `false`: items that somebody has.'),
  snoozed: flag
    .optional()
    .describe(
      '`true`: only items that are out of sight; `false`: only those in sight, as where `assignee` or `unassigned` is given and this is not.',
    ),
  received_from: zonedTime
    .optional()
    .describe('Received at or after this time.')
    .meta({ example: '2026-11-01T00:00:00+08:00' }),
  received_before: zonedTime.optional().describe('Received before this time.'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_LIMIT)
    .default(DEFAULT_LIMIT)
    .describe('Items of a page.')
    .meta({ example: 20 }),
  cursor: word(200).optional().describe('`next_cursor` of the page before.'),
});
export type ListQuery = z.infer<typeof listQuerySchema>;

/**
 * A page of items, newest first. Ids are sorted by time, so the page's key is the id alone.
 *
 * @throws AppError `invalid_input` for a label that was retired, so that an old client does not take nothing for none
 */
export async function listFeedback(
  { database, policy, now }: Pick<Context, 'database' | 'policy' | 'now'>,
  query: ListQuery,
): Promise<{ items: FeedbackView[]; next_cursor: string | null }> {
  refuseRetired(policy.taxonomy, query);
  let rows = database.kysely.selectFrom('feedback').selectAll();
  if (query.status) rows = rows.where('status', '=', query.status);
  if (query.priority) rows = rows.where('priority', '=', query.priority);
  if (query.type) rows = rows.where('type', '=', query.type);
  if (query.topic) rows = rows.where(sql<boolean>`topics @> array[${query.topic}]::text[]`);
  if (query.language) rows = rows.where('language', '=', query.language);
  if (query.queue) rows = rows.where('queue', '=', query.queue);
  if (query.assignee) rows = rows.where('assignee', '=', query.assignee);
  if (query.unassigned === 'true') rows = rows.where('assignee', 'is', null).where(isOpenItem());
  if (query.unassigned === 'false') rows = rows.where('assignee', 'is not', null);
  // What somebody has to do is shown in sight; whoever asks for all gets all.
  const isWork = query.assignee !== undefined || query.unassigned !== undefined;
  const snoozed = query.snoozed ?? (isWork ? 'false' : undefined);
  if (snoozed !== undefined) rows = rows.where(isAwake(now()), 'is', snoozed === 'false');
  if (query.received_from) rows = rows.where('received_at', '>=', new Date(query.received_from));
  if (query.received_before) rows = rows.where('received_at', '<', new Date(query.received_before));
  if (query.cursor) rows = rows.where('id', '<', decodeCursor('uuid', query.cursor));
  const found = await rows
    .orderBy('id', 'desc')
    .limit(query.limit + 1)
    .execute();
  const page = toPage(found, query.limit, 'uuid', (row) => row.id);
  return { items: page.items.map(toView), next_cursor: page.nextCursor };
}

function refuseRetired(taxonomy: Taxonomy, { type, topic }: ListQuery): void {
  const errors: FieldError[] = [];
  const check = (pointer: string, group: LabelGroup, key: string | undefined) => {
    if (key === undefined || !isRetired(taxonomy, group, key)) return;
    errors.push({ pointer, message: refuseLabel(taxonomy, group, key) ?? '' });
  };
  check('/type', 'types', type);
  check('/topic', 'topics', topic);
  const fields = errors.map(({ pointer }) => pointer).join(', ');
  if (errors.length > 0) throw new AppError('invalid_input', `Not accepted: ${fields}.`, { errors });
}
