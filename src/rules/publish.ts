import type { Context } from '../context.ts';
import type { Actor } from '../feedback/actor.ts';
import { type Publication, type Published, publishPolicy, refusal } from '../policies/publish.ts';
import type { CheckOptions } from './check-examples.ts';
import { validateRules } from './validate.ts';

/**
 * Puts rules in force whose examples do what they say.
 *
 * @throws AppError `invalid_input` with all problems, `conflict` when another version than `parent` is in force, or of
 *   the encoder
 */
export async function publishRules(
  context: Context,
  sent: Omit<Publication, 'kind'>,
  actor: Actor,
  options: CheckOptions,
): Promise<Published> {
  const { document, problems } = await validateRules(context, sent.document, options);
  if (problems.length > 0) throw refusal(problems);
  return await publishPolicy(context, { ...sent, kind: 'rules', document }, actor);
}
