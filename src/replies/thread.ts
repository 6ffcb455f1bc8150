import type { Context } from '../context.ts';
import { type Classified, classify } from '../feedback/classify.ts';
import type { FeedbackRow } from '../feedback/find-item.ts';
import { listFamily } from '../feedback/merged.ts';
import { isContent } from '../triage/answer-tone.ts';
import { type Document, readDocument } from '../triage/document.ts';
import type { Channel, CustomerFacts } from '../triage/facts.ts';

/** Newest messages of a conversation that are read. */
const MAX_MESSAGES = 40;
/** Characters of what is open that are decided about, the newest kept. */
const MAX_OPEN = 8_000;

/** The conversation after the message that an item began with. All of it masked. */
export interface Thread {
  /** What the customer was sent, oldest first. */
  readonly told: readonly string[];
  /** What the customer wrote later, oldest first. */
  readonly written: readonly Document[];
  /** Whose turn it is: nobody has answered, the customer wrote after an answer, or waits for nothing. */
  readonly turn: 'first' | 'follow_up' | 'answered';
  /** Later messages that nobody answered, as one, with what the machine says of it; undefined where there are none. */
  readonly open: (Classified & { readonly isContent: boolean }) | undefined;
}

/**
 * Reads what was said about an item after its first message, those of items merged into it too.
 *
 * @throws AppError those of the encoder
 */
export async function readThread(
  context: Context,
  row: FeedbackRow,
  { channel, customer }: { readonly channel: Channel; readonly customer: CustomerFacts },
): Promise<Thread> {
  const { database, segmenter, policy } = context;
  const newest = await database.kysely
    .selectFrom('message')
    .select(['direction', 'body'])
    .where('feedback_id', 'in', await listFamily(database.kysely, row.id))
    .orderBy('id', 'desc')
    .limit(MAX_MESSAGES)
    .execute();
  const messages = newest.toReversed();
  const told = messages.filter(({ direction }) => direction === 'outbound').map(({ body }) => body);
  const lastTold = messages.findLastIndex(({ direction }) => direction === 'outbound');
  const unanswered = messages.slice(lastTold + 1).map(({ body }) => body);
  const last = unanswered.at(-1);
  const read = (text: string) => readDocument(segmenter, { text });
  const written = messages.filter(({ direction }) => direction === 'inbound').map(({ body }) => read(body));
  if (last === undefined) return { told, written, turn: told.length === 0 ? 'first' : 'answered', open: undefined };
  const text = unanswered.join('\n').slice(-MAX_OPEN);
  const open = await classify(context, { text, channel, customer });
  const final = unanswered.length === 1 ? open : await classify(context, { text: last, channel, customer });
  return {
    told,
    written,
    turn: told.length === 0 ? 'first' : 'follow_up',
    open: { ...open, isContent: isContent(final.document, final.decision, channel, policy.ruleBook) },
  };
}
