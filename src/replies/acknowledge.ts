import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { throwIfCancelled } from '../errors.ts';
import { CHANNELS } from '../triage/facts.ts';
import { deliverReply } from './deliver.ts';
import { mediumOf, replyLanguageOf } from './medium.ts';
import { RECEIPT, type Situation } from './template.ts';

const BATCH = 50;
/** What is older is not acknowledged any more: the setting may have been switched on late. */
const RECENT_MS = 3_600_000;
const ACTOR = { kind: 'job', name: 'replies.acknowledge' } as const;

/**
 * Acknowledges the receipt of new items on the channels of AUTO_ACKNOWLEDGE, once each. It is no response: the clock of
 * the first response goes on, and items with a risk, urgent ones and those that a person should look at get none.
 *
 * @returns how many were sent
 */
export async function acknowledgeNew(context: Context, signal: AbortSignal): Promise<number> {
  const { database, config, policy, now } = context;
  const receipt = policy.replies.find(({ situation }) => situation === RECEIPT);
  if (config.AUTO_ACKNOWLEDGE.length === 0 || receipt === undefined) return 0;
  const at = now();
  const rows = await database.kysely
    .selectFrom('feedback')
    .select(['id', 'channel', 'language', 'reopened'])
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
    )
    .orderBy('received_at')
    .limit(BATCH)
    .execute();
  for (const row of rows) {
    throwIfCancelled(signal);
    const id = uuidv7();
    const text = textFor(receipt, row.channel, row.language);
    const kept = await database.kysely
      .insertInto('reply')
      .values({
        ...{ id, feedback_id: row.id, draft_id: null, kind: 'acknowledgement', at, person: null, channel: row.channel },
        ...{ actor: JSON.stringify(ACTOR), body: text, delivery: 'webhook', state: 'queued' },
        reopened_before: row.reopened,
      })
      // Another replica was first.
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (kept.numInsertedOrUpdatedRows === 1n) await deliverReply(context, id, signal);
  }
  return rows.length;
}

function textFor({ sentences }: Situation, channel: string, language: string): string {
  const medium = mediumOf(z.enum(CHANNELS).parse(channel));
  const spoken = replyLanguageOf(language);
  return sentences
    .filter(({ when }) => when.media?.includes(medium) ?? true)
    .map((sentence) => sentence[spoken][0])
    .join(spoken === 'zh' ? '' : ' ');
}
