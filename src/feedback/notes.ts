import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { decodeCursor, toPage } from '../db/paginate.ts';
import { visibleText } from '../text/storable.ts';
import { redact } from '../triage/redact.ts';
import { type ChangeOptions, changeItem } from './change-item.ts';
import { type FeedbackRow, getRow } from './find-item.ts';
import { listFamily } from './merged.ts';
import type { PageQuery } from './page-query.ts';
import { person } from './request-fields.ts';
import { safeName } from './safe-name.ts';

const MAX_NOTE = 10_000;

export const noteRequestSchema = z
  .strictObject({
    text: visibleText(MAX_NOTE).describe('For colleagues; the customer never sees it. Personal data is masked.'),
    by: person.optional(),
  })
  .meta({ id: 'NoteRequest' });
export type NoteRequest = z.infer<typeof noteRequestSchema>;

export const noteSchema = z
  .object({
    id: z.uuid(),
    feedback_id: z.uuid().describe('The item that it was written on: another one where that was merged into this.'),
    at: z.iso.datetime(),
    actor: z.record(z.string(), z.unknown()),
    by: z.string().nullable(),
    text: z.string().describe('Personal data masked.'),
  })
  .meta({ id: 'Note' });
export type Note = z.infer<typeof noteSchema>;

/**
 * Writes a note on an item. The audit tells that there is one, not what it says.
 *
 * @throws AppError `not_found`, `conflict` for a merged item, `precondition_failed`
 */
export async function addNote(
  context: Context,
  id: string,
  { text, by }: NoteRequest,
  options: ChangeOptions,
): Promise<{ readonly note: Note; readonly row: FeedbackRow }> {
  const written = {
    id: uuidv7(),
    person: by === undefined ? null : safeName(context.vault, by),
    body: redact(text).masked.text,
    actor: { ...options.actor },
  };
  const row = await changeItem(context, id, options, ({ id: feedback_id }, at) => ({
    action: 'feedback.noted',
    change: { note_id: written.id, by: written.person },
    set: {},
    also: (tx) =>
      tx
        .insertInto('note')
        .values({ ...written, actor: JSON.stringify(written.actor), feedback_id, at })
        .execute(),
  }));
  return { note: toNote({ ...written, feedback_id: row.id, at: row.updated_at }), row };
}

/** Notes on an item and on those that were merged into it, oldest first. @throws AppError `not_found` */
export async function listNotes(
  { database }: Pick<Context, 'database'>,
  id: string,
  { limit, cursor }: PageQuery,
): Promise<{ items: Note[]; next_cursor: string | null }> {
  const db = database.kysely;
  const row = await getRow(db, id);
  let notes = db
    .selectFrom('note')
    .selectAll()
    .where('feedback_id', 'in', await listFamily(db, row.id));
  if (cursor !== undefined) notes = notes.where('id', '>', decodeCursor('uuid', cursor));
  const found = await notes
    .orderBy('id')
    .limit(limit + 1)
    .execute();
  const page = toPage(found, limit, 'uuid', (note) => note.id);
  return { items: page.items.map(toNote), next_cursor: page.nextCursor };
}

interface StoredNote {
  readonly id: string;
  readonly feedback_id: string;
  readonly at: Date;
  readonly actor: Record<string, unknown>;
  readonly person: string | null;
  readonly body: string;
}

function toNote({ id, feedback_id, at, actor, person: by, body: text }: StoredNote): Note {
  return { id, feedback_id, at: at.toISOString(), actor, by, text };
}
