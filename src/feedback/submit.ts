import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import { isUniqueViolation } from '../db/errors.ts';
import { claimKey, type IdempotencyKey, type KeptAnswer, releaseKey } from '../intake/idempotency.ts';
import type { FeedbackRequest } from '../intake/request.ts';
import type { Actor } from './actor.ts';
import { type ClassifyOptions, classify } from './classify.ts';
import { findByExternalId } from './find-by-external-id.ts';
import { prepareItem } from './prepare-item.ts';
import { storeItem } from './store-item.ts';
import { type Submitted, submittedSchema } from './view.ts';

/** The item, its HTTP status, and the bytes that a repeat of the request is answered with. */
export interface SubmitAnswer extends KeptAnswer {
  readonly item: Submitted;
}

export interface SubmitOptions extends ClassifyOptions {
  readonly actor: Actor;
  readonly idempotency?: IdempotencyKey | undefined;
}

/**
 * Decides about one message and keeps everything in one transaction: item, vector, decision, original, audit, event
 * and the answer of its idempotency key. What this returns has been stored.
 *
 * A message whose `source` and `external_id` are known gives the item that exists, with status 200.
 */
export async function submitFeedback(
  context: Context,
  request: FeedbackRequest,
  options: SubmitOptions,
): Promise<SubmitAnswer> {
  const { idempotency, signal } = options;
  const db = context.database.kysely;
  const stop = new AbortController();
  // The key is claimed while the text is with the encoder; a repeat is answered without waiting for that.
  const classifying = classify(context, request, {
    signal: AbortSignal.any([stop.signal, ...(signal ? [signal] : [])]),
  });
  classifying.catch(() => undefined);
  const kept = idempotency && (await claimOrStop(context, idempotency, stop));
  if (kept) return { ...kept, item: submittedSchema.parse(JSON.parse(kept.body)) };
  try {
    const classified = await classifying;
    signal?.throwIfAborted();
    const item = prepareItem(context, request, classified, { id: uuidv7(), actor: options.actor });
    const answer = { status: 201, body: JSON.stringify(item.submitted) };
    await storeItem(db, item, idempotency && { ...idempotency, ...answer });
    return { ...answer, item: item.submitted };
  } catch (error) {
    if (idempotency) await releaseKey(db, idempotency);
    if (!isUniqueViolation(error, 'feedback_source_external')) throw error;
    const item = await findByExternalId(context, request);
    return { status: 200, body: JSON.stringify(item), item };
  }
}

/** Takes the key; when it is another request's, the work for this one is stopped. */
async function claimOrStop(
  { database, now }: Context,
  key: IdempotencyKey,
  stop: AbortController,
): Promise<KeptAnswer | undefined> {
  let isOurs = false;
  try {
    const kept = await claimKey(database.kysely, key, now());
    isOurs = kept === undefined;
    return kept;
  } finally {
    if (!isOurs) stop.abort();
  }
}
