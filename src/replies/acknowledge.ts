import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { throwIfCancelled } from '../errors.ts';
import { mainLanguageOf } from '../text/main-language.ts';
import { CHANNELS } from '../triage/facts.ts';
import type { ConnectorName } from './connectors/connector.ts';
import { channelOf, chooseConnector } from './connectors/connectors.ts';
import type { DeliveryQueue } from './delivery-queue.ts';
import { mediumOf } from './medium.ts';
import { RECEIPT, type Situation } from './template.ts';

const BATCH = 50;
/** What is older is not acknowledged any more: the setting may have been switched on late. */
const RECENT_MS = 3_600_000;
const ACTOR = { kind: 'job', name: 'replies.acknowledge' } as const;

/**
 * Acknowledges the receipt of new items on the channels of AUTO_ACKNOWLEDGE, once each: by mail where the customer’s
 * address is known, else by the webhook. It is no response: the clock of the first response goes on, and items with a
 * risk, urgent ones and those that a person should look at get none.
 *
 * @returns how many are to be sent
 */
export async function acknowledgeNew(context: Context, jobs: DeliveryQueue, signal: AbortSignal): Promise<number> {
  const { config, policy, now } = context;
  const receipt = policy.replies.find(({ situation }) => situation === RECEIPT);
  if (config.AUTO_ACKNOWLEDGE.length === 0 || receipt === undefined) return 0;
  const at = now();
  const rows = await listNew(context, at);
  for (const row of rows) {
    throwIfCancelled(signal);
    const delivery = chooseConnector(config, row.has_email ?? false);
    if (delivery !== undefined) await queue(context, jobs, { ...row, delivery, at, receipt });
  }
  return rows.length;
}

/** Those who cannot be reached are left out, so that they do not take the places of others. */
async function listNew({ database, config }: Context, at: Date) {
  let rows = database.kysely
    .selectFrom('feedback')
    .leftJoin('pii_vault', 'pii_vault.feedback_id', 'feedback.id')
    .select(['id', 'channel', 'language', 'reopened', 'has_email'])
    .where('channel', 'in', config.AUTO_ACKNOWLEDGE)
    .where('received_at', '>', new Date(at.getTime() - RECENT_MS))
    .where('first_responded_at', 'is', null)
    .where('merged_into', 'is', null)
    .where('needs_review', '=', false)
    .where('priority', 'in', ['P3', 'P4'])
    .where('type', 'in', ['technical_issue', 'service_complaint', 'question', 'feature_suggestion'])
    .where(sql<boolean>`risk_flags = '{}'`)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('reply').select('reply.id').whereRef('reply.feedback_id', '=', 'feedback.id'))),
    );
  if (chooseConnector(config, false) === undefined) rows = rows.where('has_email', '=', true);
  return await rows.orderBy('received_at').limit(BATCH).execute();
}

interface Receipt {
  readonly id: string;
  readonly channel: string;
  readonly language: string;
  readonly reopened: number;
  readonly delivery: ConnectorName;
  readonly at: Date;
  readonly receipt: Situation;
}

async function queue(
  { database }: Context,
  jobs: DeliveryQueue,
  { id: feedback_id, language, reopened, delivery, at, receipt, ...item }: Receipt,
): Promise<void> {
  const id = uuidv7();
  const channel = channelOf(delivery, item.channel);
  await database.kysely.transaction().execute(async (tx) => {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('reply')
      .values({
        ...{ id, feedback_id, draft_id: null, kind: 'acknowledgement', at, person: null, channel, delivery },
        ...{ actor: JSON.stringify(ACTOR), body: textFor(receipt, channel, language), state: 'queued' },
        reopened_before: reopened,
      })
      // Another replica was first.
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows === 1n) await jobs.enqueue('replies.deliver', { reply_id: id }, id, tx);
  });
}

function textFor({ sentences }: Situation, channel: string, language: string): string {
  const medium = mediumOf(z.enum(CHANNELS).parse(channel));
  const spoken = mainLanguageOf(language);
  return sentences
    .filter(({ when }) => when.media?.includes(medium) ?? true)
    .map((sentence) => sentence[spoken][0])
    .join(spoken === 'zh' ? '' : ' ');
}
