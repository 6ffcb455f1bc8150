import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { findRewordingOf, type RewordingReason, rewordingSchema, toRewording, writtenSchema } from './llm/rewording.ts';
import { getDrafts } from './make-drafts.ts';
import type { DraftsView, draftsSchema } from './view.ts';

/** How often the database is asked for new sentences. */
const POLL_MS = 250;
/** Longest wait for the job beyond the time that the model has: queue, preparing, and other rewordings before it. */
const PATIENCE_MS = 30_000;

export const draftSentenceEventSchema = writtenSchema
  .extend({ draft_id: z.uuid() })
  .meta({ id: 'DraftSentenceEvent' })
  .describe('A sentence in the model’s words that has passed the guards.');

export const draftEndEventSchema = z
  .object({
    state: z
      .enum(['none', 'done', 'failed', 'open'])
      .describe('`none`: no model was to be asked. `open`: it may still write; read the drafts again later.'),
    reason: rewordingSchema.shape.reason.describe('Why it failed.'),
  })
  .meta({ id: 'DraftEndEvent' });

export type DraftEvent =
  | { readonly event: 'drafts'; readonly data: z.infer<typeof draftsSchema> }
  | { readonly event: 'sentence'; readonly data: z.infer<typeof draftSentenceEventSchema> }
  | { readonly event: 'end'; readonly data: z.infer<typeof draftEndEventSchema> };

/** The end for whoever is not waited for any more. */
export const OPEN_END: DraftEvent = { event: 'end', data: { state: 'open', reason: null } };

/**
 * The newest drafts of an item, then what a model writes as it is written by whichever replica runs the job, the finished
 * drafts, and the end. What is written lies in the database, which is asked a few times a second.
 *
 * @throws AppError `not_found`, and those of the database; `AbortError` by the signal
 */
export async function* watchDrafts(context: Context, id: string, signal: AbortSignal): AsyncGenerator<DraftEvent> {
  const first = await getDrafts(context, id);
  yield { event: 'drafts', data: first };
  if (first.rewording === null) {
    yield end('none', null);
    return;
  }
  if (isOpen(first)) yield* watchWriting(context, first.rewording.draft_id, signal);
  else yield end(first.rewording.state === 'done' ? 'done' : 'failed', first.rewording.reason);
}

async function* watchWriting(context: Context, draftId: string, signal: AbortSignal): AsyncGenerator<DraftEvent> {
  const { kysely } = context.database;
  const deadline = performance.now() + context.config.LLM_TIMEOUT_MS + PATIENCE_MS;
  for (let shown = 0; ; await sleep(POLL_MS, undefined, { signal })) {
    const row = await findRewordingOf(kysely, draftId);
    if (row === undefined) return yield OPEN_END;
    const written = z.array(writtenSchema).parse(row.written);
    for (const sentence of written.slice(shown)) yield { event: 'sentence', data: { draft_id: draftId, ...sentence } };
    shown = written.length;
    const { state, reason } = toRewording(row);
    if (state === 'done' || state === 'failed') {
      yield { event: 'drafts', data: await getDrafts(context, row.feedback_id) };
      return yield end(state, reason);
    }
    if (performance.now() > deadline) return yield OPEN_END;
  }
}

function isOpen({ rewording }: DraftsView): boolean {
  return rewording?.state === 'waiting' || rewording?.state === 'writing';
}

function end(state: 'none' | 'done' | 'failed', reason: RewordingReason | null): DraftEvent {
  return { event: 'end', data: { state, reason } };
}
