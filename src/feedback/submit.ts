import type { Context } from '../context.ts';
import { isUniqueViolation } from '../db/errors.ts';
import { throwIfCancelled } from '../errors.ts';
import { claimKey, type IdempotencyKey, type KeptAnswer, keepAnswer, releaseKey } from '../intake/idempotency.ts';
import type { FeedbackRequest } from '../intake/request.ts';
import type { Actor } from './actor.ts';
import { type ClassifyOptions, classify } from './classify.ts';
import { findByExternalId } from './find-by-external-id.ts';
import { storeArrival } from './store-arrival.ts';
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
 * Decides about one message and keeps everything in one transaction: item, vector, decision, original, audit, event,
 * its place in a cluster, and the answer of its idempotency key. What this returns has been stored.
 *
 * An aborted signal ends it with `cancelled` before anything is stored; what is stored stays, and is found by its key.
 *
 * A message whose `source` and `external_id` are known gives the item that exists, with status 200.
 */
export async function submitFeedback(
  context: Context,
  request: FeedbackRequest,
  options: SubmitOptions,
): Promise<SubmitAnswer> {
  const { idempotency, signal } = options;
  throwIfCancelled(signal);
  const stop = new AbortController();
  // The key is claimed while the text is with the encoder; a repeat is answered without waiting for that.
  // Without a key nothing but the caller stops it, and a composite signal per item would cost and pile up.
  const either = idempotency ? AbortSignal.any([stop.signal, ...(signal ? [signal] : [])]) : signal;
  const classifying = classify(context, request, { signal: either });
  classifying.catch(() => undefined);
  const kept = idempotency && (await claimOrStop(context, idempotency, stop));
  if (kept) return { ...kept, item: submittedSchema.parse(JSON.parse(kept.body)) };
  try {
    const classified = await classifying;
    throwIfCancelled(signal);
    const { submitted } = await storeArrival(context, request, classified, options);
    return { status: 201, body: JSON.stringify(submitted), item: submitted };
  } catch (error) {
    return await answerExisting(context, request, error, idempotency);
  }
}

/** The answer for an item that was there already, kept under its key; any other failure gives the key back and goes on. */
async function answerExisting(
  context: Context,
  request: FeedbackRequest,
  failure: unknown,
  idempotency: IdempotencyKey | undefined,
): Promise<SubmitAnswer> {
  const db = context.database.kysely;
  try {
    if (!isUniqueViolation(failure, 'feedback_source_external')) throw failure;
    const item = await findByExternalId(context, request);
    const answer = { status: 200, body: JSON.stringify(item) };
    if (idempotency) await keepAnswer(db, idempotency, answer);
    return { ...answer, item };
  } catch (error) {
    // The failure itself is what the caller has to know; a key that cannot be given back expires with its lease.
    if (idempotency)
      await releaseKey(db, idempotency).catch((reason) =>
        context.logger.warn({ err: reason }, 'an idempotency key could not be given back'),
      );
    throw error;
  }
}

/** Takes the key; when it is another request's, the work for this one is stopped. */
async function claimOrStop(
  { database }: Context,
  key: IdempotencyKey,
  stop: AbortController,
): Promise<KeptAnswer | undefined> {
  let isOurs = false;
  try {
    const kept = await claimKey(database.kysely, key);
    isOurs = kept === undefined;
    return kept;
  } finally {
    if (!isOurs) stop.abort();
  }
}
