import { type Kysely, sql } from 'kysely';
import type { Tables } from '../db/tables.ts';
import { AppError } from '../errors.ts';

/** The item that speaks for this one: itself, or the end of what it was merged into. */
export async function findSpeaker(db: Kysely<Tables>, id: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    with recursive way (id, merged_into) as (
      select id, merged_into from feedback where id = ${id}
      union select f.id, f.merged_into from feedback f join way on f.id = way.merged_into
    ) select id from way where merged_into is null`.execute(db);
  return rows[0]?.id;
}

/** The item and all that it speaks for. */
export async function listFamily(db: Kysely<Tables>, id: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive family (id) as (
      select ${id}::uuid
      union select f.id from feedback f join family on f.merged_into = family.id
    ) select id from family`.execute(db);
  return rows.map((row) => row.id);
}

/** @throws AppError `conflict` for an item that was merged, naming the one that speaks for it */
export async function refuseMerged(
  db: Kysely<Tables>,
  { id, merged_into }: { readonly id: string; readonly merged_into: string | null },
): Promise<void> {
  if (merged_into === null) return;
  const speaker = (await findSpeaker(db, id)) ?? merged_into;
  throw new AppError('conflict', `This item was merged: ${speaker} speaks for it. Change that one, or unmerge it.`, {
    errors: [{ pointer: '/id', message: `must be ${speaker}` }],
  });
}
