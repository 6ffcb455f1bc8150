import { type Kysely, sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { Tables } from '../db/tables.ts';
import { STATUSES } from '../triage/lifecycle.ts';
import { PRIORITIES } from '../triage/rules.ts';
import type { Actor } from './actor.ts';
import { getRow } from './find-item.ts';

/** How an item can be said to be related to another. */
export const LINK_KINDS = ['duplicate_of', 'caused_by', 'follow_up_of', 'related_to'] as const;
export type LinkKind = (typeof LINK_KINDS)[number] | 'split_from';

export const linkSchema = z
  .object({
    id: z.uuid(),
    kind: z.enum([...LINK_KINDS, 'split_from']).describe('Reads from `from` to `to`.'),
    from: z.uuid(),
    to: z.uuid(),
    at: z.iso.datetime(),
    actor: z.record(z.string(), z.unknown()),
    by: z.string().nullable(),
    other: z
      .object({
        id: z.uuid(),
        status: z.enum(STATUSES),
        type: z.string(),
        priority: z.enum(PRIORITIES),
        text: z.string().describe('Its beginning, personal data masked.'),
      })
      .describe('The item at the other end.'),
  })
  .meta({ id: 'Link' });
export type Link = z.infer<typeof linkSchema>;

const PREVIEW_CHARACTERS = 120;

/** The links of an item, from whichever end they were made, oldest first. @throws AppError `not_found` */
export async function listLinks({ database }: Pick<Context, 'database'>, id: string): Promise<Link[]> {
  const row = await getRow(database.kysely, id);
  const rows = await touching(database.kysely, row.id)
    .innerJoin('feedback as other', (join) =>
      join.onRef('other.id', '=', sql`case when from_id = ${row.id} then to_id else from_id end`),
    )
    .selectAll('feedback_link')
    .select(['other.id as other_id', 'other.status', 'other.type', 'other.priority', 'other.body'])
    .orderBy('feedback_link.id')
    .execute();
  return rows.map(({ from_id, to_id, at, person, other_id, status, type, priority, body, ...link }) =>
    linkSchema.parse({
      ...link,
      from: from_id,
      to: to_id,
      at: at.toISOString(),
      by: person,
      other: { id: other_id, status, type, priority, text: body.slice(0, PREVIEW_CHARACTERS).toWellFormed() },
    }),
  );
}

/** The links that begin or end at an item. */
export function touching(db: Kysely<Tables>, id: string) {
  return db.selectFrom('feedback_link').where((is) => is.or([is('from_id', '=', id), is('to_id', '=', id)]));
}

export interface NewLink {
  readonly from: string;
  readonly to: string;
  readonly kind: LinkKind;
  readonly at: Date;
  readonly actor: Actor;
  readonly person: string | null;
}

/** Keeps a link that was checked, and gives its id. */
export async function insertLink(tx: Kysely<Tables>, { from, to, kind, at, actor, person }: NewLink): Promise<string> {
  const id = uuidv7();
  const values = { id, from_id: from, to_id: to, kind, at, actor: JSON.stringify(actor), person };
  await tx.insertInto('feedback_link').values(values).execute();
  return id;
}
