import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { ReplyTable } from '../db/reply-tables.ts';
import { openOriginal } from '../feedback/open-original.ts';
import { openText } from '../sealed-text.ts';
import { mainLanguageOf } from '../text/main-language.ts';
import type { OutgoingReply } from './connectors/connector.ts';
import { REPLY_LANGUAGES } from './template.ts';

/**
 * A stored reply with what is known of where it goes.
 *
 * @param needsEmail whether the customer’s address is taken out of the vault for it
 * @throws AppError `bad_configuration` when something sealed cannot be opened
 */
export async function readOutgoing(
  context: Pick<Context, 'database' | 'vault'>,
  reply: Selectable<ReplyTable>,
  needsEmail: boolean,
): Promise<OutgoingReply> {
  const { database, vault } = context;
  const db = database.kysely;
  const item = await db
    .selectFrom('feedback')
    .select(['source', 'external_id', 'channel', 'language', 'customer_facts'])
    .where('id', '=', reply.feedback_id)
    .executeTakeFirstOrThrow();
  const set = await db
    .selectFrom('draft')
    .innerJoin('draft_set', 'draft_set.id', 'draft.set_id')
    .select('draft_set.language')
    .where('draft.id', '=', reply.draft_id)
    .executeTakeFirst();
  const original = needsEmail ? await openOriginal(db, vault, reply.feedback_id) : undefined;
  const { ref } = item.customer_facts;
  return {
    ...{ id: reply.id, at: reply.at, feedbackId: reply.feedback_id, text: openText(vault, reply) },
    kind: z.enum(['reply', 'acknowledgement']).parse(reply.kind),
    language: z.enum(REPLY_LANGUAGES).parse(set?.language ?? mainLanguageOf(item.language)),
    item: {
      ...{ channel: item.channel, language: item.language, source: item.source, externalId: item.external_id },
      customerRef: typeof ref === 'string' ? ref : null,
    },
    email: original?.customer.email,
  };
}
