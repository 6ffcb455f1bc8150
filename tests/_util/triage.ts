import path from 'node:path';
import { PROJECT_ROOT } from '../../src/config.ts';
import { loadPolicy, type Policy } from '../../src/policy.ts';
import { Segmenter } from '../../src/text/segment.ts';
import type { Decision } from '../../src/triage/decision.ts';
import { type Document, readDocument } from '../../src/triage/document.ts';
import type { Channel, CustomerFacts } from '../../src/triage/facts.ts';
import { createRuleBook } from '../../src/triage/rule-book.ts';
import type { Rule } from '../../src/triage/rules.ts';
import { type TriagePolicy, triage } from '../../src/triage/triage.ts';
import { type PredictionFacts, predict } from './prediction.ts';

export const DATA = path.join(PROJECT_ROOT, 'data');
const VERSIONS = { model: 'm', taxonomy: 't', rules: 'r', sla: 's', routing: 'q', head: 'h' };

export interface Message extends PredictionFacts {
  readonly subject?: string;
  readonly language?: string;
  readonly channel?: Channel;
  readonly customer?: CustomerFacts;
  readonly receivedAt?: Date;
}

/** The pure core over the shipped policy: everything but the heads, whose say is part of the message. */
export interface PolicyChanges extends Partial<TriagePolicy> {
  readonly rules?: readonly Rule[];
}

export interface Core {
  readonly policy: Policy;
  read(text: string, message?: Message): Document;
  decide(text: string, message?: Message, changes?: PolicyChanges): Decision;
}

export async function loadCore(): Promise<Core> {
  const policy = await loadPolicy(DATA);
  const segmenter = new Segmenter(policy.words);
  const read: Core['read'] = (text, { subject, language } = {}) => readDocument(segmenter, { text, subject, language });
  return {
    policy,
    read,
    decide: (text, message = {}, { rules = policy.ruleBook.rules, ...changes } = {}) =>
      triage(
        { ...policy, ruleBook: createRuleBook(rules, policy.ruleBook.scopes), timeZone: 'Asia/Shanghai', ...changes },
        {
          document: read(text, message),
          prediction: predict(message),
          channel: message.channel ?? 'chat',
          customer: message.customer ?? {},
          receivedAt: message.receivedAt ?? new Date('2026-11-02T02:00:00Z'),
          tokens: 10,
          truncated: false,
          versions: VERSIONS,
        },
      ),
  };
}
