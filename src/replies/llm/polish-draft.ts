import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { suggestionSchema } from '../draft.ts';
import { loadLearned } from '../learn.ts';
import { prepareDrafts } from '../prepare-drafts.ts';
import { expectAcceptance, featuresOf } from '../rank.ts';
import { Breaker } from './breaker.ts';
import { askModel, ModelFailed } from './client.ts';
import { polish } from './polish.ts';
import { promptFor } from './prompt.ts';

export const polishPayload = z.strictObject({ set_id: z.uuid().optional() });

const breakers = new WeakMap<Context['config'], Breaker>();

/** The breaker of a process, by its configuration. */
export function breakerOf({ config }: Pick<Context, 'config'>): Breaker {
  const breaker = breakers.get(config) ?? new Breaker(config.LLM_TOKENS_PER_DAY);
  breakers.set(config, breaker);
  return breaker;
}

/**
 * Adds a rewording of the best suggestion of a set, where a model is configured and gives a usable one. The plain
 * suggestions are there already and stay; whatever fails here is logged without its content and changes nothing.
 */
export async function polishDraft(context: Context, setId: string, signal: AbortSignal): Promise<void> {
  const { database, config, logger, now } = context;
  const breaker = breakerOf(context);
  const closed = breaker.closedBy(now());
  if (config.LLM_URL === undefined || closed !== undefined) return;
  const best = await findBest(context, setId);
  if (best === undefined) return;
  const { language, medium } = best.suggestion;
  const { item, passages, suggested } = await prepareDrafts(context, best.feedbackId, { language, medium });
  const { guards } = suggested;
  // Nobody but a person rewords what is said to somebody in danger.
  if (guards === undefined || guards.isCrisis) return;
  try {
    const { sentences, tokens } = await askModel(config, promptFor(best.suggestion, item.text, passages), signal);
    breaker.succeeded(tokens, now());
    logger.info({ tokens, spentToday: breaker.spent }, 'a model reworded a draft');
    const polished = polish(best.suggestion, sentences, guards);
    if (polished === undefined) return;
    const { suggestion } = polished;
    const features = featuresOf(suggestion);
    const chance = expectAcceptance(await loadLearned(database.kysely), 'polished', features);
    await database.kysely
      .insertInto('draft')
      .values({
        ...{ id: uuidv7(), set_id: setId, feedback_id: best.feedbackId, at: best.at, state: 'proposed', features },
        suggestion: JSON.stringify({ ...suggestion, expected_acceptance: chance }),
      })
      .execute();
  } catch (error) {
    if (!(error instanceof ModelFailed)) throw error;
    breaker.failed(now());
    logger.warn({ reason: error.message }, 'a draft was not reworded');
  }
}

/** The best suggestion of a set about which nobody has decided, and that was not reworded yet. */
async function findBest({ database }: Context, setId: string) {
  const drafts = await database.kysely.selectFrom('draft').selectAll().where('set_id', '=', setId).execute();
  if (drafts.some(({ state }) => state !== 'proposed')) return undefined;
  const suggestions = drafts.map(({ suggestion, feedback_id, at }) => ({
    suggestion: suggestionSchema.parse(suggestion),
    feedbackId: feedback_id,
    at,
  }));
  if (suggestions.some(({ suggestion }) => suggestion.approach === 'polished')) return undefined;
  return suggestions.toSorted((a, b) => b.suggestion.expected_acceptance - a.suggestion.expected_acceptance)[0];
}
