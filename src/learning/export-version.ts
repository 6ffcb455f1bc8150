import type { Kysely } from 'kysely';
import type { Tables } from '../db/tables.ts';
import { noSuchVersion } from './activate.ts';
import { packModel } from './model-codec.ts';
import { findStored, readStored } from './model-versions.ts';
import { writeVersionFile } from './version-file.ts';

/**
 * A version as one file, in the form of this release whichever release has stored it.
 *
 * @throws AppError `not_found`, or `conflict` when this release cannot read the version
 */
export async function exportVersion(db: Kysely<Tables>, version: string): Promise<Uint8Array<ArrayBuffer>> {
  const stored = await findStored(db, version);
  if (stored === undefined) throw noSuchVersion();
  return writeVersionFile({ ...stored, packed: await packModel(await readStored(stored.packed)) });
}
