import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { decodeCursor, toPage } from '../db/paginate.ts';
import type { Tables } from '../db/tables.ts';
import { type Bilingual, bilingualSchema } from '../triage/taxonomy.ts';
import { getRow } from './find-item.ts';
import { type HistoryNames, summarise } from './history-words.ts';
import type { PageQuery } from './page-query.ts';

export const historyEntrySchema = z
  .object({
    seq: z.string().describe('Its number in the audit.'),
    at: z.iso.datetime(),
    actor: z.record(z.string(), z.unknown()),
    action: z.string(),
    summary: bilingualSchema,
    change: z.record(z.string(), z.unknown()).describe('What it changed; its parts depend on the action.'),
    hash: z.string().describe('Covers this entry and the one before.'),
  })
  .meta({ id: 'HistoryEntry' });
export type HistoryEntry = z.infer<typeof historyEntrySchema>;

/** What happened to an item, oldest first, as the audit has it. @throws AppError `not_found` */
export async function listHistory(
  { database, policy }: Pick<Context, 'database' | 'policy'>,
  id: string,
  { limit, cursor }: PageQuery,
): Promise<{ items: HistoryEntry[]; next_cursor: string | null }> {
  const row = await getRow(database.kysely, id);
  let entries = database.kysely
    .selectFrom('audit')
    .select(['seq', 'at', 'actor', 'action', 'change', 'hash'])
    .where('subject_kind', '=', 'feedback')
    .where('subject_id', '=', row.id);
  if (cursor !== undefined) entries = entries.where('seq', '>', decodeCursor('seq', cursor));
  const found = await entries
    .orderBy('seq')
    .limit(limit + 1)
    .execute();
  const page = toPage(found, limit, 'seq', (entry) => entry.seq);
  const names = { ...labelNames(policy), agents: await findAgentNames(database.kysely, page.items) };
  const items = page.items.map((entry) => ({
    ...entry,
    at: entry.at.toISOString(),
    summary: summarise(entry.action, entry.change, names),
  }));
  return { items, next_cursor: page.nextCursor };
}

function labelNames({ taxonomy, routing }: Context['policy']): Omit<HistoryNames, 'agents'> {
  const table = (labels: readonly { readonly key: string; readonly name: Bilingual }[]) =>
    new Map(labels.map(({ key, name }) => [key, name]));
  return { queues: table(routing.queues), flags: table(taxonomy.risk_flags), types: table(taxonomy.types) };
}

/** Of those to whom entries give the item, also when they were removed since. */
async function findAgentNames(
  db: Kysely<Tables>,
  entries: readonly { readonly action: string; readonly change: Readonly<Record<string, unknown>> }[],
): Promise<HistoryNames['agents']> {
  const ids = entries.flatMap(({ action, change: { to } }) =>
    action === 'feedback.assigned' && typeof to === 'string' ? [to] : [],
  );
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('agent').select(['id', 'name']).where('id', 'in', ids).execute();
  return new Map(rows.map(({ id, name }) => [id, { zh: name, en: name }]));
}
