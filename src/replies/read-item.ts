import { mainLanguageOf } from '../text/main-language.ts';
import { findPhrase } from '../text/phrases.ts';
import type { AmountReader } from '../triage/amounts.ts';
import type { Decision } from '../triage/decision.ts';
import type { Document } from '../triage/document.ts';
import type { Channel, CustomerFacts } from '../triage/facts.ts';
import { findQueue, type Routing } from '../triage/routing.ts';
import type { Bilingual, Taxonomy } from '../triage/taxonomy.ts';
import { readFacts } from './facts.ts';
import type { ReplyItem } from './item.ts';
import { mediumOf } from './medium.ts';
import type { Medium, ReplyLanguage } from './template.ts';

/** What of the policy a reply needs. */
export interface ReplyPolicy {
  readonly taxonomy: Taxonomy;
  readonly routing: Routing;
  readonly readAmounts: AmountReader;
}

export interface ReadItemInput {
  readonly document: Document;
  readonly decision: Pick<Decision, 'type' | 'topics' | 'risk_flags' | 'priority' | 'language'>;
  /** Where the item lies; a person may have handed it over since the decision. */
  readonly queue: string;
  readonly firstResponseDueAt: Date;
  readonly resolveDueAt: Date | null;
  readonly channel: Channel;
  readonly customer: CustomerFacts;
  readonly now: Date;
  readonly timeZone: string;
  readonly language?: ReplyLanguage | undefined;
  readonly medium?: Medium | undefined;
}

/** An item as replies see it. */
export function readReplyItem(policy: ReplyPolicy, input: ReadItemInput): ReplyItem {
  const { document, decision, customer } = input;
  const topics = decision.topics.map(({ key }) => key);
  const flags = decision.risk_flags;
  return {
    language: input.language ?? mainLanguageOf(decision.language),
    medium: input.medium ?? mediumOf(input.channel),
    type: decision.type.key,
    // What a person said is sure.
    confidence: decision.type.confidence ?? 1,
    topics,
    flags,
    priority: decision.priority,
    text: document.masked.text,
    units: document.index.units.filter(({ kind }) => kind === 'word' || kind === 'han' || kind === 'number').length,
    says: (phrase) => findPhrase(phrase, document.index).length > 0,
    facts: readFacts(document, policy.readAmounts),
    team: findQueue(policy.routing, input.queue)?.name ?? { zh: '负责的同事', en: 'responsible' },
    areas: topics.flatMap((key) => nameOf(policy.taxonomy, key)),
    firstResponseDueAt: input.firstResponseDueAt,
    resolveDueAt: input.resolveDueAt,
    priorContacts: customer.prior_contacts_same_matter ?? 0,
    openPositions: customer.open_positions ?? false,
    now: input.now,
    timeZone: input.timeZone,
  };
}

function nameOf({ topics }: Taxonomy, key: string): Bilingual[] {
  const name = topics.find((topic) => topic.key === key)?.name;
  return name === undefined ? [] : [name];
}
