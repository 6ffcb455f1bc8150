import { z } from 'zod';
import type { Context } from '../context.ts';
import { holdRun, type RunHandle, taxonomyRun } from '../learning/training-run.ts';
import { type TrainingOutcome, trainTaxonomy } from '../taxonomies/train.ts';
import { modelHashOf } from '../taxonomies/trained.ts';
import { tellSteps } from './tell-steps.ts';

/** Without a name all that wait are trained: those whose own job was lost, or gave up while something was not there. */
export const trainTaxonomiesPayload = z.strictObject({ name: z.string().optional() });
const ACTOR = { kind: 'job', name: 'taxonomy.train' } as const;

/** Trains taxonomies, one after the other; tells in the log how far each is. */
export async function trainTaxonomies(
  context: Context,
  { name }: z.infer<typeof trainTaxonomiesPayload>,
  signal: AbortSignal,
): Promise<void> {
  const waiting = await listWaiting(context);
  for (const taxonomy of name === undefined ? waiting : waiting.filter((other) => other === name))
    await trainAlone(context, taxonomy, signal);
}

/** One run per taxonomy in all replicas; a definition that comes meanwhile is trained by the run that it came into. */
async function trainAlone(context: Context, taxonomy: string, signal: AbortSignal): Promise<void> {
  const { database, logger } = context;
  const held = { subject: taxonomyRun(taxonomy), askedBy: ACTOR, logger, signal };
  const outcome = await holdRun(database.kysely, held, async (run) => {
    for (;;) {
      const ended = await trainOnce(context, taxonomy, run);
      if (ended !== 'superseded' || !(await listWaiting(context)).includes(taxonomy)) return;
    }
  });
  if (outcome.kind === 'elsewhere') logger.info({ taxonomy }, 'another replica trains this taxonomy');
}

async function trainOnce(context: Context, taxonomy: string, { signal, onStep }: RunHandle): Promise<TrainingOutcome> {
  const { logger } = context;
  const steps = {
    embedding: tellSteps(logger, 'embedding the texts of a taxonomy', { taxonomy }),
    training: tellSteps(logger, 'training a taxonomy', { taxonomy }),
  };
  const outcome = await trainTaxonomy(context, taxonomy, {
    signal,
    onProgress: (part, done, total) => {
      steps[part](done, total);
      onStep({ part, done, total });
    },
  });
  logger.info({ taxonomy, outcome }, 'the training of a taxonomy has ended');
  return outcome;
}

/**
 * Sets those to be trained again that another encoder's vectors, or another form of the program's, were used for, and
 * tells whether any waits. To be called at the start only: replicas with two encoders would take turns for ever.
 */
export async function reopenForeign({ database, encoder }: Context): Promise<boolean> {
  await database.kysely
    .updateTable('taxonomy')
    .set({ status: 'training' })
    .where('status', '=', 'ready')
    .where('model_hash', '<>', modelHashOf(encoder.info.hash))
    .execute();
  return (await listWaiting({ database })).length > 0;
}

async function listWaiting({ database }: Pick<Context, 'database'>): Promise<string[]> {
  const rows = await database.kysely
    .selectFrom('taxonomy')
    .select('name')
    .where('status', '=', 'training')
    .orderBy('updated_at')
    .execute();
  return rows.map(({ name }) => name);
}
