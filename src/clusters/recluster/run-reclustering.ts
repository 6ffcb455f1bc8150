import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../../context.ts';
import { keepSetting } from '../../db/settings.ts';
import type { Actor } from '../../feedback/actor.ts';
import { recordChange } from '../../feedback/record-change.ts';
import { runInWorker, type WorkerRun } from '../../worker-file.ts';
import { refreshFigures } from '../trend/refresh-figures.ts';
import { type ReclusterRead, readForReclustering, THROUGH } from './read-recluster.ts';
import type { ReclusterOutput } from './recluster-input.ts';
import { swapClusters } from './swap-clusters.ts';

/** Runs of which people changed something meanwhile are repeated, so often. */
const ATTEMPTS = 3;
/** MiB of a thread's heap; vectors and graphs lie beside it in some 4 KiB per item. */
const HEAP_MIB = 1_024;
/** When the last one ended, and how many items there were. */
export const LAST_RUN = 'clusters.last_run';

export interface ReclusterSummary {
  readonly items: number;
  readonly clusters: number;
  readonly created: number;
  readonly retired: number;
  /** Decisions of people that newer ones contradict. */
  readonly contradicted: number;
}

/**
 * Finds all clusters anew in a thread of its own while items keep arriving, and swaps the result in one transaction.
 *
 * @returns undefined when people decided something during each attempt, and nothing has changed
 * @throws the signal's reason; AppError of the database; nothing has changed then
 */
export async function runReclustering(
  context: Context,
  { actor, signal, onProgress }: WorkerRun & { readonly actor: Actor; readonly signal: AbortSignal },
): Promise<ReclusterSummary | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const read = await readForReclustering(context, signal);
    const output = await compute(read, { signal, ...(onProgress && { onProgress }) });
    signal.throwIfAborted();
    if (!(await keep(context, read, output, actor))) continue;
    await refreshFigures(context, signal);
    return summaryOf(output);
  }
  return undefined;
}

async function compute({ input }: ReclusterRead, run: WorkerRun): Promise<ReclusterOutput> {
  const transferList = input.chunks.map(({ vectors }) => vectors.buffer as ArrayBuffer);
  const options = { workerData: input, transferList, resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB } };
  return await runInWorker<ReclusterOutput>('recluster-worker', import.meta.url, options, run);
}

async function keep(
  { database, now }: Context,
  { before, constraint, newest }: ReclusterRead,
  output: ReclusterOutput,
  actor: Actor,
): Promise<boolean> {
  return await database.kysely.transaction().execute(async (tx) => {
    const at = now();
    const run = uuidv7();
    if (!(await swapClusters(tx, { output, before, constraint, run }, { actor, at }))) return false;
    if (newest !== undefined) await keepSetting(tx, THROUGH, newest, at);
    await keepSetting(tx, LAST_RUN, JSON.stringify({ at: at.toISOString(), run, ...summaryOf(output) }), at);
    const change = { run, ...summaryOf(output) };
    const subject = { subjectKind: 'clusters', subjectId: 'all', eventSubject: run };
    await recordChange(tx, { at, actor, action: 'clusters.reclustered', ...subject, change });
    return true;
  });
}

function summaryOf({ items, lineage, described, contradictions }: ReclusterOutput): ReclusterSummary {
  const count = (...kinds: string[]) => lineage.filter(({ kind }) => kinds.includes(kind)).length;
  return {
    items: items.length,
    clusters: described.length,
    created: count('new', 'split_from'),
    retired: count('gone', 'merged_into'),
    contradicted: contradictions.length,
  };
}
