import { isDeepStrictEqual } from 'node:util';
import { validate as isUuid } from 'uuid';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { Head } from '../learning/head.ts';
import { findModel } from '../learning/model-versions.ts';
import { policyOf } from '../policies/adopt.ts';
import { type Decision, decisionSchema, withoutSettledConfidence } from '../triage/decision.ts';
import { raiseDecision } from '../triage/raise.ts';
import { decideWith, predictFor } from './decide.ts';
import { readStored } from './read-stored.ts';

export const replaySchema = z.object({
  decision_id: z.uuid(),
  same: z.boolean().describe('Whether deciding again gives the same in every part.'),
  differs_in: z.array(z.string()).describe('Parts of the decision that differ.'),
  versions_differ: z
    .array(z.string())
    .describe('What is not what it was: `model`, `taxonomy`, and of `rules`, `sla`, `routing` what is not kept.'),
  decision: decisionSchema.describe(
    'The decision as it comes out now, under head, rules, deadlines and routing of that time.',
  ),
});
export type Replay = z.infer<typeof replaySchema>;

/** The head is not among them: without it there is no replay. */
const COMPARED = ['model', 'taxonomy', 'rules', 'sla', 'routing'] as const;

/**
 * Decides again about a stored message under the versions of an earlier decision.
 *
 * @throws AppError `not_found`, or `conflict` when its head version is no longer kept
 */
export async function replayDecision(context: Context, id: string): Promise<Replay> {
  const missing = new AppError('not_found', 'There is no decision with this id.');
  if (!isUuid(id)) throw missing;
  const { kysely } = context.database;
  const kept = await kysely
    .selectFrom('decision')
    .select(['feedback_id', 'decision'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (kept === undefined) throw missing;
  // Decisions of earlier releases have probabilities of settled values.
  const before = withoutSettledConfidence(decisionSchema.parse(kept.decision));
  const row = await kysely
    .selectFrom('feedback')
    .selectAll()
    .where('id', '=', kept.feedback_id)
    .executeTakeFirstOrThrow();
  const message = await readStored(context, row, before.input);
  const learned = await headOf(context, before.versions.head);
  const then = { ...context, learned, policy: { current: await policyOf(context, before.versions) } };
  const again = (before.raised?.reasons ?? []).reduce(
    (decision, raise) => raiseDecision(then.policy.current.routing, decision, raise),
    decideWith(then, message, predictFor(then, message), before.settled ?? undefined),
  );
  const decision = decisionSchema.parse(JSON.parse(JSON.stringify(again)));
  // The database keeps objects with their keys in its own order.
  const differs_in = partsOf(before).filter((part) => !isDeepStrictEqual(before[part], decision[part]));
  const versions_differ = COMPARED.filter((name) => {
    const version = before.versions[name];
    return version !== null && version !== decision.versions[name];
  });
  return { decision_id: id, same: differs_in.length === 0, differs_in, versions_differ, decision };
}

async function headOf({ learned, database }: Context, version: string) {
  const known = learned.find(version);
  if (known !== undefined) return { head: known, version };
  const model = await findModel(database.kysely, version);
  if (model === undefined)
    throw new AppError('conflict', 'The head version of this decision is no longer kept, so it cannot be replayed.');
  const head = new Head(model);
  learned.remember(version, head);
  return { head, version };
}

function partsOf(decision: Decision): (keyof Decision)[] {
  return (Object.keys(decision) as (keyof Decision)[]).filter((part) => part !== 'versions');
}
