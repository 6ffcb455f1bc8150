import { mainLanguageOf } from '../text/main-language.ts';
import { findPhrase } from '../text/phrases.ts';
import type { AmountReader } from '../triage/amounts.ts';
import type { Decision } from '../triage/decision.ts';
import type { Document } from '../triage/document.ts';
import type { Channel, CustomerFacts } from '../triage/facts.ts';
import { findQueue, type Routing } from '../triage/routing.ts';
import type { Bilingual, Taxonomy } from '../triage/taxonomy.ts';
import type { Fact } from './draft.ts';
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
  /** What is answered, and everything else that the customer wrote about it. */
  readonly documents: readonly Document[];
  /** Messages that came after the first one: offsets of what they name mean nothing to the item. */
  readonly later?: readonly Document[] | undefined;
  readonly told?: readonly string[] | undefined;
  readonly isFollowUp?: boolean | undefined;
  readonly isSupplement?: boolean | undefined;
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
  const { documents, later = [], decision, customer } = input;
  const units = documents.flatMap(({ index }) => index.units);
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
    text: documents.map(({ masked }) => masked.text).join('\n'),
    units: units.filter(({ kind }) => kind === 'word' || kind === 'han' || kind === 'number').length,
    says: (phrase) => documents.some(({ index }) => findPhrase(phrase, index).length > 0),
    facts: joinFacts(documents, later, policy.readAmounts),
    told: input.told ?? [],
    isFollowUp: input.isFollowUp ?? false,
    isSupplement: input.isSupplement ?? false,
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

/** Facts of all messages, each once; only those of the first message say where they stand. */
function joinFacts(documents: readonly Document[], later: readonly Document[], readAmounts: AmountReader): Fact[] {
  const facts = new Map<string, Fact>();
  for (const document of documents) {
    for (const fact of readFacts(document, readAmounts)) {
      const known = later.includes(document) ? { ...fact, field: null, start: null, end: null } : fact;
      const key = `${fact.kind} ${fact.text.toLowerCase()}`;
      if (!facts.has(key)) facts.set(key, known);
    }
  }
  return [...facts.values()];
}

function nameOf({ topics }: Taxonomy, key: string): Bilingual[] {
  const name = topics.find((topic) => topic.key === key)?.name;
  return name === undefined ? [] : [name];
}
