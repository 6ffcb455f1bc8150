import { z } from 'zod';
import { LAST_RUN, runReclustering } from '../clusters/recluster/run-reclustering.ts';
import type { Context } from '../context.ts';
import { findSetting } from '../db/settings.ts';
import { actorSchema } from '../feedback/actor.ts';
import { holdRun } from '../learning/training-run.ts';
import { tellSteps } from './tell-steps.ts';

export const reclusterPayload = z.strictObject({
  /** Do nothing unless enough has come since the last run. */
  only_when_due: z.boolean().default(false),
  /** Who asked for it. */
  asked_by: actorSchema.optional(),
});

/** The subject of the run, of which there is one at a time in all replicas. */
export const CLUSTERS_RUN = 'clusters';
const ACTOR = { kind: 'job', name: 'clusters.recluster' } as const;
/** New items since the last run that make one due: so many, and so large a share of those that it looked at. */
const DUE = { items: 20, share: 0.05 };
const lastSchema = z.object({ at: z.coerce.date(), items: z.int() });

/** Finds the clusters anew; where that is done already, on this replica or another, that run serves for this one too. */
export async function recluster(
  context: Context,
  { only_when_due, asked_by }: z.infer<typeof reclusterPayload>,
  signal: AbortSignal,
): Promise<void> {
  const { database, logger } = context;
  if (only_when_due && !(await isDue(context))) return;
  const actor = asked_by ?? ACTOR;
  const tell = tellSteps(logger, 'clusters are found anew');
  const held = { subject: CLUSTERS_RUN, askedBy: actor, logger, signal };
  const outcome = await holdRun(database.kysely, held, async (run) => {
    // Another run may have ended between the look and the hold.
    if (only_when_due && !(await isDue(context))) return undefined;
    const onProgress = (done: number, total: number) => {
      tell(done, total);
      run.onStep({ part: 'clusters', done, total });
    };
    return (await runReclustering(context, { actor, signal: run.signal, onProgress })) ?? 'disturbed';
  });
  if (outcome.kind === 'elsewhere') logger.info('clusters are found anew already, which serves for this run too');
  if (outcome.kind === 'stopped') logger.info('a run that finds the clusters anew was stopped by a request');
  if (outcome.kind !== 'done' || outcome.value === undefined) return;
  if (outcome.value === 'disturbed') logger.warn('people changed clusters during each attempt to find them anew');
  else logger.info(outcome.value, 'clusters were found anew');
}

async function isDue({ database }: Context): Promise<boolean> {
  const kept = await findSetting(database.kysely, LAST_RUN);
  const last = kept === undefined ? undefined : lastSchema.parse(JSON.parse(kept));
  const { n } = await database.kysely
    .selectFrom('feedback')
    .select((row) => row.fn.countAll<string>().as('n'))
    .where('received_at', '>', last?.at ?? new Date(0))
    .executeTakeFirstOrThrow();
  return Number(n) >= Math.max(DUE.items, DUE.share * (last?.items ?? 0));
}
