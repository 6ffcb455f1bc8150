import type { Context } from '../context.ts';
import type { Actor } from '../feedback/actor.ts';
import { recordChange } from '../feedback/record-change.ts';
import { refuseDefault } from './define.ts';
import { thereIsNone } from './rows.ts';

/**
 * Removes a taxonomy with all that was learned for it; a training that runs keeps nothing.
 *
 * @throws AppError `not_found`, or `conflict` for the shipped one
 */
export async function deleteTaxonomy({ database, now }: Context, name: string, actor: Actor): Promise<void> {
  refuseDefault(name, 'deleted');
  const at = now();
  await database.kysely.transaction().execute(async (tx) => {
    const gone = await tx.deleteFrom('taxonomy').where('name', '=', name).returning('version').executeTakeFirst();
    if (gone === undefined) throw thereIsNone();
    const change = { name, version: gone.version };
    await recordChange(tx, { at, actor, action: 'taxonomy.deleted', subjectKind: 'taxonomy', subjectId: name, change });
  });
}
