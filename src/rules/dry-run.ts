import { z } from 'zod';
import type { Context } from '../context.ts';
import { throwIfCancelled } from '../errors.ts';
import type { Message } from '../feedback/decide.ts';
import { readMessage } from '../feedback/read-message.ts';
import { readStored } from '../feedback/read-stored.ts';
import type { ClassifyRequest } from '../intake/request.ts';
import { contentVersion } from '../policies/content-version.ts';
import { KINDS } from '../policies/kinds.ts';
import { withVersion } from '../policies/policy-in-force.ts';
import { refusal } from '../policies/publish.ts';
import { decisionSchema } from '../triage/decision.ts';
import type { Settled } from '../triage/settled.ts';
import { ChangeCounter, changeSchema, changeTotalsSchema } from './changes.ts';
import { compareOn } from './compare.ts';
import { completeDocument } from './complete-document.ts';

export const dryRunSchema = z.object({
  version: z.string().describe('What the document would be called.'),
  totals: changeTotalsSchema,
  changes: z
    .array(
      z.object({
        item: z.union([z.int(), z.uuid()]).describe('The place in `items`, or the id of a stored item.'),
        change: changeSchema,
      }),
    )
    .describe('Messages about which something differs.'),
});
export type DryRun = z.infer<typeof dryRunSchema>;

/** Messages to try rules on: given ones, or the newest of those that are stored. */
export interface DryRunRequest {
  readonly document: unknown;
  readonly items?: readonly Omit<ClassifyRequest, 'taxonomy'>[] | undefined;
  readonly last?: number | undefined;
}

interface Tried {
  readonly item: number | string;
  readonly message: Message;
  readonly settled?: Settled | undefined;
}

/**
 * What the rules of a document would change, compared with those in force. Stores nothing; examples are not tested.
 *
 * @throws AppError `invalid_input` with all problems of the document, of the encoder, or `cancelled`
 */
export async function dryRun(
  context: Context,
  { document: sent, items, last }: DryRunRequest,
  signal: AbortSignal,
): Promise<DryRun> {
  const from = context.policy.current;
  const document = completeDocument(sent, from.documents.rules);
  const { parts, problems } = KINDS.rules(document, from.taxonomy);
  if (parts === undefined) throw refusal(problems);
  const version = contentVersion(document);
  const to = withVersion(from, 'rules', { version, document, parts });
  const counter = new ChangeCounter();
  const changes: DryRun['changes'] = [];
  for await (const { item, message, settled } of items
    ? readGiven(context, items, signal)
    : readNewest(context, last)) {
    throwIfCancelled(signal);
    const { change } = compareOn(context, { from, to }, message, settled);
    counter.add(change);
    if (change !== undefined) changes.push({ item, change });
  }
  return { version, totals: counter.totals, changes };
}

async function* readGiven(
  context: Context,
  items: NonNullable<DryRunRequest['items']>,
  signal: AbortSignal,
): AsyncGenerator<Tried> {
  const reading = items.map((request) => readMessage(context, request, { signal }));
  // The first failure ends it; the others are nobody's.
  for (const one of reading) one.catch(() => undefined);
  for (const [item, message] of reading.entries()) yield { item, message: await message };
}

const DEFAULT_LAST = 100;

async function* readNewest(context: Context, last = DEFAULT_LAST): AsyncGenerator<Tried> {
  const rows = await context.database.kysely
    .selectFrom('feedback')
    .innerJoin('decision', 'decision.id', 'feedback.decision_id')
    .selectAll('feedback')
    .select('decision.decision as kept')
    .orderBy('feedback.received_at', 'desc')
    .orderBy('feedback.id', 'desc')
    .limit(last)
    .execute();
  for (const { kept, ...row } of rows) {
    const { input, settled } = decisionSchema.parse(kept);
    yield { item: row.id, message: await readStored(context, row, input), settled: settled ?? undefined };
  }
}
