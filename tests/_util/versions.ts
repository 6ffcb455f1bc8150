import type { Kysely } from 'kysely';
import type { Tables } from '../../src/db/tables.ts';
import type { HeadModel } from '../../src/learning/head.ts';
import { packModel } from '../../src/learning/model-codec.ts';
import { saveVersion } from '../../src/learning/model-versions.ts';
import { trainHead } from '../../src/learning/train.ts';
import { exampleRows, testLearning, trainSettings } from './context.ts';

/** A head with every label of the policy, learned from a few of its seeds, as if for the encoder of this hash. */
export async function trainFor(encoderHash: string): Promise<HeadModel> {
  const { policy, segmenter } = await testLearning();
  return trainHead(await exampleRows(policy, segmenter, 4), { ...trainSettings(policy), encoderHash });
}

/** Keeps a head as a version of this name. */
export async function keepVersion(db: Kysely<Tables>, version: string, model: HeadModel): Promise<void> {
  await saveVersion(db, {
    version,
    parent: null,
    outcome: 'promoted',
    seeds: model.exampleIds.length,
    corrections: 3,
    trainedThrough: '0',
    taxonomyVersion: 'taxonomy-1',
    seedsVersion: 'seeds-1',
    report: { held_out: 5, note: '留出' },
    actor: { kind: 'local' },
    at: new Date('2026-11-01T08:00:00Z'),
    encoderHash: model.encoderHash,
    packed: await packModel(model),
  });
}
