import type { Decision } from '../triage/decision.ts';
import type { Document } from '../triage/document.ts';
import type { Thread } from './thread.ts';

type Decided = Pick<Decision, 'type' | 'topics' | 'risk_flags' | 'priority' | 'language'>;

/** The part of a conversation that says what is open. */
interface Conversation extends Pick<Thread, 'turn' | 'written'> {
  readonly open: { readonly decision: Decided; readonly document: Document } | undefined;
}

/** From which confidence on a later message is about what it seems to be about, as for first messages. */
const SURE = 0.55;
/** Once raised these hold for the whole conversation. */
const LASTING: readonly string[] = ['self_harm', 'vulnerable'];

/** What is to be answered now. */
export interface Matter {
  readonly decision: Decided;
  /** What the answer is about: conditions of templates are held against these. */
  readonly documents: readonly Document[];
  /** A question of its own, apart from what the item began with. */
  readonly isNew: boolean;
  /** The customer adds something to what was said and asks nothing new. */
  readonly isSupplement: boolean;
}

/**
 * What the customer waits for: the newest messages that nobody answered. Where they go on with the matter that the item
 * began with, its type, topics and flags hold as well; where they raise another one, only theirs. A danger that nobody
 * has answered yet comes before a later question. Pure.
 *
 * @param item as it is decided now
 * @param first the message that it began with
 */
export function openMatter(item: Decided, first: Document, { open, turn, written }: Conversation): Matter {
  if (open === undefined) return { decision: item, documents: [first], isNew: false, isSupplement: false };
  const { decision, document } = open;
  const isSure = decision.type.key !== 'other' && (decision.type.confidence ?? 1) >= SURE;
  const known = new Set(item.topics.map(({ key }) => key));
  const isAbroad = decision.topics.length > 0 && !decision.topics.some(({ key }) => known.has(key));
  const isUrgentStill = turn === 'first' && item.risk_flags.length > 0;
  if (isSure && isAbroad && decision.type.key !== 'praise' && !isUrgentStill) {
    const lasting = item.risk_flags.filter((flag) => LASTING.includes(flag));
    const flags = [...new Set([...decision.risk_flags, ...lasting])];
    const { type, topics, language } = decision;
    const own = { type, topics, language, risk_flags: flags, priority: item.priority };
    return { decision: own, documents: [document], isNew: true, isSupplement: false };
  }
  const flags = [...new Set([...item.risk_flags, ...decision.risk_flags])];
  const topics = item.topics.length > 0 ? item.topics : decision.topics;
  // What supplies a number or a word says little by itself.
  const isSupplement = turn === 'follow_up' && !isSure && decision.risk_flags.length === 0;
  return {
    decision: { ...item, topics, risk_flags: flags },
    documents: [first, ...written],
    isNew: false,
    isSupplement,
  };
}
