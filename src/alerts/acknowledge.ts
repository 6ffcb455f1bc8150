import { z } from 'zod';
import type { Context } from '../context.ts';
import type { Actor } from '../feedback/actor.ts';
import { recordChange } from '../feedback/record-change.ts';
import { person, remark } from '../feedback/request-fields.ts';
import { safeName } from '../feedback/safe-name.ts';
import { redact } from '../triage/redact.ts';
import type { AlertView } from './alert-view.ts';
import { getAlert } from './list-alerts.ts';

export const acknowledgeRequestSchema = z
  .strictObject({
    note: remark.optional().describe('What is done about it. Personal data is masked.'),
    by: person.optional(),
  })
  .meta({ id: 'AcknowledgeRequest' });

/**
 * Somebody looks after an alert. Who was first stays: a second one changes nothing and sees the first.
 *
 * @throws AppError `not_found`
 */
export async function acknowledgeAlert(
  { database, now, vault }: Pick<Context, 'database' | 'now' | 'vault'>,
  id: string,
  { note, by }: z.infer<typeof acknowledgeRequestSchema>,
  actor: Actor,
): Promise<AlertView> {
  const said = note === undefined ? null : redact(note).masked.text;
  const who = by === undefined ? null : safeName(vault, by);
  return await database.kysely.transaction().execute(async (tx) => {
    const { id: own } = await getAlert(tx, id);
    const at = now();
    const taken = await tx
      .updateTable('alert')
      .set({
        acknowledged_at: at,
        acknowledged_by: JSON.stringify(actor),
        acknowledged_person: who,
        acknowledged_note: said,
      })
      .where('id', '=', own)
      .where('acknowledged_at', 'is', null)
      .returning('id')
      .executeTakeFirst();
    const change = { note: said, by: who };
    if (taken !== undefined)
      await recordChange(tx, {
        at,
        actor,
        action: 'alert.acknowledged',
        subjectKind: 'alert',
        subjectId: own,
        change,
      });
    return await getAlert(tx, own);
  });
}
