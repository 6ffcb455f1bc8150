import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { throwIfCancelled } from '../../errors.ts';
import { suggestionSchema } from '../draft.ts';
import { loadLearned } from '../learn.ts';
import { prepareDrafts } from '../prepare-drafts.ts';
import { expectAcceptance, featuresOf } from '../rank.ts';
import { reserveTokens, settleTokens } from './budget.ts';
import { expectTokens, ModelRequest, requestFor } from './client.ts';
import { ModelFailed, type RewordingFailure } from './failures.ts';
import { meterOf } from './meter.ts';
import { Polishing } from './polish.ts';
import { promptFor } from './prompt.ts';
import {
  addWritten,
  claimRewording,
  endRewording,
  findRewording,
  finishRewording,
  keepCost,
  keepWriting,
  nameBase,
  releaseRewording,
} from './rewording.ts';

export const polishPayload = z.strictObject({ set_id: z.uuid().optional() });

/** How often a writer says that it is there, and sees whether it is still wanted. */
const HEARD_EVERY_MS = 1_000;

/** What became of a request: the reasons of failures, or what a person or the model’s words made of it. */
type Outcome = 'reworded' | RewordingFailure | 'stopped';

/**
 * Has the best suggestion of a set reworded by the model, one sentence after the other, each shown when it has passed.
 * The plain suggestions are there already and stay; what fails here is logged without its content, told with the set,
 * and takes away what was written.
 *
 * @throws AppError `cancelled` by the signal: the rewording waits again
 */
export async function polishDraft(context: Context, setId: string, signal: AbortSignal): Promise<void> {
  const { database, config } = context;
  if (config.LLM_URL === undefined || !(await claimRewording(database.kysely, setId))) return;
  try {
    const work = await prepareWork(context, setId);
    const ended = typeof work === 'string' ? spare(context, work) : await reword(context, work, signal);
    if (ended === 'stopped') throwIfCancelled(signal);
    if (ended !== 'reworded' && ended !== 'stopped') await endRewording(database.kysely, { setId }, ended);
  } catch (error) {
    await releaseRewording(database.kysely, setId);
    throw error;
  }
}

/** What is to be reworded; or why the model is not asked. */
async function prepareWork(context: Context, setId: string) {
  const { database, config, now } = context;
  const db = database.kysely;
  const best = await findBest(context, setId);
  const row = await findRewording(db, setId);
  if (best === undefined || row === undefined) return 'decided';
  if (meterOf(config).breaker.isResting(now())) return 'resting';
  await nameBase(db, setId, best.id);
  const { language, medium } = best.suggestion;
  const { item, passages, suggested } = await prepareDrafts(context, row.feedback_id, { language, medium });
  const { guards } = suggested;
  // Nobody but a person rewords what is said to somebody in danger.
  if (guards === undefined || guards.isCrisis) return 'crisis';
  const body = requestFor(config, promptFor(best.suggestion, item.text, passages));
  const limit = config.LLM_TOKENS_PER_DAY;
  const reservation = await reserveTokens(db, { tokens: expectTokens(body), limit, now: now() });
  if (reservation === undefined) return 'budget';
  return { row, suggestion: best.suggestion, guards, body, reservation };
}
type Work = Exclude<Awaited<ReturnType<typeof prepareWork>>, string>;

function spare({ config, logger }: Context, reason: RewordingFailure): RewordingFailure {
  meterOf(config).spared(reason);
  logger.info({ reason }, 'the model was not asked to reword a draft');
  return reason;
}

/** Asks, and keeps what it has cost whatever becomes of it. */
async function reword(context: Context, work: Work, signal: AbortSignal): Promise<Outcome> {
  const { database, config, logger, now } = context;
  const { row, reservation } = work;
  const meter = meterOf(config);
  const request = new ModelRequest(config, work.body);
  const polishing = new Polishing(work.suggestion, work.guards);
  const started = performance.now();
  let outcome: Outcome = 'stopped';
  try {
    outcome = await write(context, work, request, polishing, signal);
    meter.breaker.succeeded();
  } catch (error) {
    if (!(error instanceof ModelFailed)) throw error;
    if (error.reason !== 'stopped') {
      outcome = error.reason;
      meter.breaker.failed(now());
      logger.warn({ reason: error.message }, 'a draft was not reworded');
    }
  } finally {
    const { usage } = request;
    const tokens = usage.promptTokens + usage.completionTokens;
    meter.asked(outcome, usage, (performance.now() - started) / 1_000);
    await settleTokens(database.kysely, reservation, tokens);
    await keepCost(database.kysely, row.set_id, usage, polishing.withheld);
    logger.info({ tokens, outcome }, 'a model was asked to reword a draft');
  }
  return outcome;
}

/** Shows each sentence that passes, and makes all of them a draft; stops when somebody ends the writing. */
async function write(
  context: Context,
  { row }: Work,
  request: ModelRequest,
  polishing: Polishing,
  signal: AbortSignal,
): Promise<Outcome> {
  const { kysely } = context.database;
  const over = new AbortController();
  const watching = watch(context, row.set_id, over);
  try {
    for await (const sentence of request.sentences(AbortSignal.any([signal, over.signal]))) {
      const written = polishing.take(sentence);
      if (written && !(await addWritten(kysely, row.set_id, written))) return 'stopped';
    }
    const suggestion = polishing.finish();
    if (suggestion === undefined) return 'nothing_kept';
    const features = featuresOf(suggestion);
    const chance = expectAcceptance(await loadLearned(kysely), 'polished', features);
    const draft = { suggestion: JSON.stringify({ ...suggestion, expected_acceptance: chance }), features };
    const isKept = await kysely.transaction().execute((tx) => finishRewording(tx, row, draft));
    return isKept ? 'reworded' : 'stopped';
  } finally {
    over.abort();
    await watching;
  }
}

/** Says every second that somebody writes, until it is over or no more wanted; that ends the request. */
async function watch({ database, logger }: Context, setId: string, over: AbortController): Promise<void> {
  for (;;) {
    await sleep(HEARD_EVERY_MS, undefined, { signal: over.signal }).catch(() => undefined);
    if (over.signal.aborted) return;
    try {
      if (!(await keepWriting(database.kysely, setId))) over.abort();
    } catch (error) {
      // The next sentence meets the same fault, and ends the writing with it.
      logger.warn({ err: error }, 'a rewording could not be heard of');
    }
  }
}

/** The best suggestion of a set about which nobody has decided. */
async function findBest({ database }: Context, setId: string) {
  const drafts = await database.kysely.selectFrom('draft').selectAll().where('set_id', '=', setId).execute();
  if (drafts.some(({ state }) => state !== 'proposed')) return undefined;
  return drafts
    .map(({ id, suggestion }) => ({ id, suggestion: suggestionSchema.parse(suggestion) }))
    .toSorted((a, b) => b.suggestion.expected_acceptance - a.suggestion.expected_acceptance)[0];
}
