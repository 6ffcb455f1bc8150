import type { Kysely } from 'kysely';
import type { Tables } from '../db/tables.ts';
import type { Actor } from '../feedback/actor.ts';
import { recordChange } from '../feedback/record-change.ts';
import type { Policy } from '../policy.ts';
import type { HeadModel } from './head.ts';
import { settingsFor } from './load-head.ts';
import { unpackModel } from './model-codec.ts';
import { findStored, saveVersion } from './model-versions.ts';
import { readVersionFile, refused, type VersionHeader } from './version-file.ts';

export interface ImportOptions {
  readonly policy: Policy;
  /** Of the configured encoder. */
  readonly encoderHash: string;
  readonly actor: Actor;
  /** Who does it, where the actor is a command. */
  readonly by: string | null;
  readonly at: Date;
}

/** The name of the version, and whether it was not there yet. */
export interface Imported {
  readonly version: string;
  readonly isNew: boolean;
}

/**
 * Keeps the version of a file of `writeVersionFile` beside the others; it is not put in force. One that is here
 * already stays as it is.
 *
 * @throws AppError `bad_data_file` that says what is wrong with the file and what would be accepted
 */
export async function importVersion(db: Kysely<Tables>, bytes: Uint8Array, options: ImportOptions): Promise<Imported> {
  const { header, packed } = readVersionFile(bytes);
  checkEncoder(header, options.encoderHash);
  const model = await unpackModel(packed).catch((cause) => {
    throw refused(`its head cannot be read by this release; ${cause.message}`, cause);
  });
  checkModel(model, header, options);
  const { policy: _, encoderHash, actor, by, at } = options;
  const { version } = header;
  return await db.transaction().execute(async (tx) => {
    if ((await findStored(tx, version)) !== undefined) return { version, isNew: false };
    await saveVersion(tx, {
      version,
      parent: header.parent,
      outcome: 'imported',
      seeds: header.seeds,
      corrections: header.corrections,
      // Corrections are counted anew in every database.
      trainedThrough: '0',
      taxonomyVersion: header.taxonomy,
      seedsVersion: header.examples,
      report: { ...header.report, imported: { trained_at: header.created_at, outcome: header.outcome } },
      actor,
      at,
      encoderHash,
      packed,
    });
    const change = { version, trained_at: header.created_at, by };
    const facts = { at, actor, action: 'model.imported', subjectKind: 'model', subjectId: 'head', change };
    await recordChange(tx, { ...facts, eventSubject: version });
    return { version, isNew: true };
  });
}

function checkEncoder({ encoder }: VersionHeader, configured: string): void {
  if (encoder === configured) return;
  throw refused(
    `it was trained for the encoder ${encoder.slice(0, 12)}; accepted are versions for ${configured.slice(0, 12)}, the one that MODEL_DIR names`,
  );
}

function checkModel(model: HeadModel, { encoder, taxonomy }: VersionHeader, { policy, encoderHash }: ImportOptions) {
  if (model.encoderHash !== encoder) throw refused('it is damaged: its head is of another encoder than it says');
  const wanted = settingsFor(policy, encoderHash);
  for (const group of ['types', 'topics', 'flags'] as const) {
    const { labels } = group === 'types' ? model.type : model[group];
    if (labels.join() !== wanted[group].join())
      throw refused(
        `it was trained for the taxonomy ${taxonomy}, whose ${group} are ${labels.join(', ')}; accepted are versions for ${policy.versions.taxonomy}, whose ${group} are ${wanted[group].join(', ')}`,
      );
  }
}
