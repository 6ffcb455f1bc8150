import { type Kysely, sql } from 'kysely';
import { validate as isUuid } from 'uuid';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { Tables } from '../db/tables.ts';
import { AppError } from '../errors.ts';
import { applyChange, type ChangeOptions, changeItem, checkVersion } from './change-item.ts';
import { type FeedbackRow, getRow, lockPair } from './find-item.ts';
import { insertLink, LINK_KINDS, type Link, type LinkKind, listLinks, touching } from './links.ts';
import { refuseMerged } from './merged.ts';
import { person } from './request-fields.ts';
import { safeName } from './safe-name.ts';

export const MAX_LINKS = 100;

export const linkRequestSchema = z
  .strictObject({
    kind: z.enum(LINK_KINDS).describe('How this item is related to the other.'),
    to: z.uuid().describe('The other item.'),
    by: person.optional(),
  })
  .meta({ id: 'LinkRequest' });
export type LinkRequest = z.infer<typeof linkRequestSchema>;

interface Linked {
  readonly links: readonly Link[];
  readonly row: FeedbackRow;
}

/**
 * Links an item to another. The audit of the item from which it reads tells of it; both show it.
 *
 * @throws AppError `not_found`, `precondition_failed`, `invalid_input` (to itself, to nothing) and `conflict`: there
 *   already, the other way round, in a circle, too many, or merged
 */
export async function addLink(
  context: Context,
  id: string,
  { kind, to, by }: LinkRequest,
  { actor, ifVersion }: ChangeOptions,
): Promise<Linked> {
  const { database, now, vault } = context;
  const who = by === undefined ? null : safeName(vault, by);
  if (to.toLowerCase() === id.toLowerCase()) throw refusal('invalid_input', 'must be another item than this one');
  const row = await database.kysely.transaction().execute(async (tx) => {
    // Of two links that close a circle together each must see the other: one at a time, in the whole database.
    if (kind === 'caused_by') await sql`select pg_advisory_xact_lock(hashtext('feedback_link.caused_by'))`.execute(tx);
    const [item, other] = await lockEnds(tx, id, to);
    await refuseMerged(tx, item);
    checkVersion(item.version, ifVersion);
    await checkLink(tx, item.id, other.id, kind);
    const at = now();
    const link = await insertLink(tx, { from: item.id, to: other.id, kind, at, actor, person: who });
    const change = { link_id: link, kind, to: other.id, by: who };
    return await applyChange(tx, item, { action: 'feedback.linked', change, set: {} }, { actor, at });
  });
  return { links: await listLinks(context, row.id), row };
}

/** @throws AppError `not_found` for the item, `invalid_input` naming `/to` for the other */
async function lockEnds(tx: Kysely<Tables>, id: string, to: string): Promise<[FeedbackRow, FeedbackRow]> {
  await getRow(tx, id);
  const other = await tx.selectFrom('feedback').select('id').where('id', '=', to).executeTakeFirst();
  if (other === undefined) throw refusal('invalid_input', 'must be the id of a piece of feedback');
  return await lockPair(tx, id, to);
}

/** Whether two items may be linked so. @throws AppError `conflict` saying why not */
export async function checkLink(tx: Kysely<Tables>, from: string, to: string, kind: LinkKind): Promise<void> {
  const here = await touching(tx, from).selectAll().execute();
  const there = await touching(tx, to).selectAll().execute();
  const known = here.filter((link) => link.kind === kind);
  if (known.some((link) => link.from_id === from && link.to_id === to))
    throw refusal('conflict', 'must be an item that is not linked so already');
  if (known.some((link) => link.from_id === to && link.to_id === from))
    throw refusal('conflict', 'must not be linked to this one the other way round already');
  if (kind === 'caused_by' && (await isCausedBy(tx, to, from)))
    throw refusal('conflict', 'must not itself be caused by this item, over others');
  for (const [name, links] of [
    ['this item', here],
    ['the other item', there],
  ] as const)
    if (links.length >= MAX_LINKS)
      throw refusal('conflict', `must leave at most ${MAX_LINKS} links; ${name} has as many`);
}

/** Whether `cause` stands somewhere behind `id`. */
async function isCausedBy(tx: Kysely<Tables>, id: string, cause: string): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    with recursive causes (id) as (
      select ${id}::uuid
      union select l.to_id from feedback_link l join causes on l.from_id = causes.id where l.kind = 'caused_by'
    ) select exists (select 1 from causes where id = ${cause}) as found`.execute(tx);
  return rows[0]?.found === true;
}

/**
 * Takes a link away, from either end.
 *
 * @throws AppError `not_found`, `precondition_failed`, `conflict` for the link of a merge
 */
export async function removeLink(context: Context, id: string, link: string, options: ChangeOptions): Promise<Linked> {
  const row = await changeItem(context, id, options, async (item, _, tx) => {
    const found = isUuid(link)
      ? await touching(tx, item.id).selectAll().where('id', '=', link).executeTakeFirst()
      : undefined;
    if (found === undefined) throw new AppError('not_found', 'This item has no link with this id.');
    if (found.kind === 'duplicate_of') await refuseLinkOfMerge(tx, found.from_id, found.to_id);
    await tx.deleteFrom('feedback_link').where('id', '=', found.id).execute();
    const change = { link_id: found.id, kind: found.kind, from: found.from_id, to: found.to_id };
    return { action: 'feedback.unlinked', change, set: {} };
  });
  return { links: await listLinks(context, row.id), row };
}

async function refuseLinkOfMerge(tx: Kysely<Tables>, from: string, to: string): Promise<void> {
  const { merged_into } = await tx
    .selectFrom('feedback')
    .select('merged_into')
    .where('id', '=', from)
    .executeTakeFirstOrThrow();
  if (merged_into === to)
    throw new AppError('conflict', `This link is that of a merge. Unmerge ${from}, and it goes with it.`);
}

function refusal(code: 'invalid_input' | 'conflict', message: string): AppError {
  return new AppError(code, `The other item ${message}.`, { errors: [{ pointer: '/to', message }] });
}
