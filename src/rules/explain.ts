import type { Engine } from '../context.ts';
import { decideWith, type Message, predictFor } from '../feedback/decide.ts';
import { readMessage } from '../feedback/read-message.ts';
import type { ClassifyRequest } from '../intake/request.ts';
import { explainRules, type RuleExplanation } from '../triage/explain-rules.ts';
import { judge } from '../triage/judge.ts';

export interface ExplainRequest extends Omit<ClassifyRequest, 'taxonomy'> {
  /** Distinct customers with the same matter. */
  readonly reports?: number | undefined;
}

/**
 * How the rules in force come to their decision about a message; precedents are left aside. Stores nothing.
 *
 * @throws AppError of the encoder, or `cancelled` when the signal is aborted before the decision
 */
export async function explainMessage(
  engine: Engine,
  { reports, ...request }: ExplainRequest,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<RuleExplanation> {
  const message: Message = { ...(await readMessage(engine, request, options)), reports };
  const policy = engine.policy.current;
  const prediction = predictFor(engine, message);
  const decision = decideWith(engine, message, prediction);
  const { document } = message;
  return explainRules(policy, { document, prediction, decision, judgement: judge(policy, { ...message, prediction }) });
}
