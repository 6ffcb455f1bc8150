import type { ReplyItem } from '../../../src/replies/item.ts';
import type { Passage } from '../../../src/replies/passage.ts';
import { readReplyItem } from '../../../src/replies/read-item.ts';
import { type Suggested, suggest } from '../../../src/replies/suggest.ts';
import type { ReplyLanguage } from '../../../src/replies/template.ts';
import { readDocument } from '../../../src/triage/document.ts';
import { testLearning } from '../../_util/context.ts';

const NOW = new Date('2026-11-23T02:00:00Z');

export interface Described {
  readonly text: string;
  readonly type?: string;
  readonly topics?: readonly string[];
  readonly flags?: readonly string[];
  readonly priority?: ReplyItem['priority'];
  readonly language?: ReplyLanguage;
  readonly channel?: 'email' | 'chat' | 'social' | 'phone';
  readonly queue?: string;
  readonly priorContacts?: number;
  readonly confidence?: number;
  /** What the customer was sent before. */
  readonly told?: readonly string[];
  readonly isSupplement?: boolean;
}

/** A message as it would be decided, without an encoder. */
export async function itemOf(described: Described): Promise<ReplyItem> {
  const { policy, segmenter } = await testLearning();
  const { text, type = 'technical_issue', topics = [], flags = [], priority = 'P2', channel = 'email' } = described;
  const document = readDocument(segmenter, { text, language: described.language });
  return readReplyItem(policy, {
    documents: [document],
    told: described.told,
    isFollowUp: described.told !== undefined,
    isSupplement: described.isSupplement,
    decision: {
      type: { key: type, confidence: described.confidence ?? 0.95, alternatives: [] },
      topics: topics.map((key) => ({ key, confidence: 0.9 })),
      risk_flags: [...flags],
      priority,
      language: document.language,
    },
    queue: described.queue ?? 'payments',
    firstResponseDueAt: new Date('2026-11-23T06:00:00Z'),
    resolveDueAt: priority === 'P4' ? null : new Date('2026-11-25T02:00:00Z'),
    channel,
    customer: { prior_contacts_same_matter: described.priorContacts },
    now: NOW,
    timeZone: 'Asia/Shanghai',
  });
}

/** What is suggested for it, every suggestion as likely as the other. */
export async function suggestFor(
  described: Described,
  more: { readonly passages?: readonly Passage[]; readonly others?: readonly string[] } = {},
): Promise<Suggested & { readonly item: ReplyItem }> {
  const { policy } = await testLearning();
  const item = await itemOf(described);
  const templates = policy.replies;
  return { ...suggest({ item, templates, passages: [], expect: () => 0.5, ...more }), item };
}

export function passage(more: Partial<Passage> = {}): Passage {
  return {
    articleId: 'withdrawal-limits',
    version: '3',
    language: 'en',
    title: 'Withdrawal limits',
    topics: ['withdrawal'],
    text: 'Each account has a daily limit. It is shown in the app.\n\n## Steps\n\n1. Open Assets → Withdraw.\n2. Read the limit of the day.',
    score: 0.9,
    fits: true,
    validity: 'current',
    ...more,
  };
}
