import { QUESTION_DECISION } from './answer-examples.ts';
import { CLASSIFY_EXAMPLES } from './examples.ts';

const SHIPPED = {
  version: '02f31c354ad7',
  created_at: '2026-11-01T08:00:00.000Z',
  in_force: false,
  shipped: true,
  actor: { kind: 'local' },
  parent: null,
  note: null,
};
export const RULES_VERSION = {
  version: '7be0a94c51f3',
  created_at: '2026-11-02T08:00:00.000Z',
  in_force: true,
  shipped: false,
  actor: { kind: 'api_key', name: 'operations' },
  parent: SHIPPED.version,
  note: 'Broken goods are urgent',
};
const GOODS_BROKEN = {
  name: 'goods_broken',
  sentence: { zh: '商品到货时已损坏', en: 'The goods arrived broken' },
  when: { phrases: ['收到|到货 ~10 碎了|坏了', 'arrived|came ~6 broken|cracked'] },
  // biome-ignore lint/suspicious/noThenProperty: the form of rules; the object is never awaited
  then: { floor: 'P2', points: 10 },
  examples: {
    fires: ['收到的时候杯子已经碎了', 'The lamp arrived cracked'],
    silent: ['如果收到的时候碎了怎么办', 'It arrived and was not broken'],
  },
};
const DOCUMENT = { rules: [GOODS_BROKEN] };

export const RULES_EXAMPLE = { in_force: RULES_VERSION.version, pinned: true, items: [RULES_VERSION, SHIPPED] };
export const RULES_DETAIL_EXAMPLE = { ...RULES_VERSION, document: DOCUMENT };
export const VALIDATE_BODY = { document: DOCUMENT };
export const VALIDATION_EXAMPLE = {
  valid: false,
  version: RULES_VERSION.version,
  rules: 0,
  examples: 0,
  problems: [{ pointer: '/document/rules/0/then/flag', message: 'there is no risk flag broken' }],
};
export const DRY_RUN_BODY = { document: DOCUMENT, items: [{ text: 'The teapot arrived broken', channel: 'email' }] };
export const DRY_RUN_EXAMPLE = {
  version: RULES_VERSION.version,
  totals: { items: 1, changed: 1, priorities: [{ from: 'P3', to: 'P2', items: 1 }] },
  changes: [
    {
      item: 0,
      change: {
        priority: { from: 'P3', to: 'P2' },
        score: { from: 26, to: 50 },
        type: null,
        queue: null,
        flags_added: [],
        flags_removed: [],
        rules_added: ['goods_broken'],
        rules_removed: ['p3_issue_or_complaint'],
      },
    },
  ],
};
export const PUBLISH_BODY = { document: DOCUMENT, parent: SHIPPED.version, note: RULES_VERSION.note };
export const EXPLAIN_BODY = CLASSIFY_EXAMPLES.question.value;
export const EXPLANATION_EXAMPLE = {
  text: {
    normalized: 'i was not hacked, just asking how 2fa works',
    language: 'en',
    segments: ['i', 'was', 'not', 'hacked', 'just', 'asking', 'how', '2fa', 'works'],
    masked: [],
  },
  cues: [
    {
      scope: 'negated',
      name: { zh: '被否定', en: 'denied' },
      at: { quote: 'not', field: 'text', start: 6, end: 9 },
      reach: [{ quote: 'hacked', field: 'text', start: 10, end: 16 }],
    },
  ],
  fired: [],
  silenced: [
    {
      rule: 'account_taken_over',
      note: { zh: '客户说账户被他人控制', en: 'The customer says that somebody else controls the account' },
      quotes: [{ quote: 'hacked', field: 'text', start: 10, end: 16 }],
      by: [
        {
          kind: 'scope',
          scope: 'negated',
          cue: { quote: 'not', field: 'text', start: 6, end: 9 },
          note: { zh: '被否定', en: 'denied' },
        },
      ],
    },
  ],
  facts: {
    type: 'question',
    topics: ['account_security'],
    noted: [],
    channel: 'email',
    tier: null,
    prior_contacts: 0,
    reopened: 0,
    reports: 0,
    open_positions: null,
  },
  learned: {
    types: [{ key: 'question', probability: 0.8654 }],
    topics: [{ key: 'account_security', probability: 0.9693 }],
    flags: [{ key: 'security_compromise', probability: 0.0312 }],
    type_threshold: 0.91,
    topic_thresholds: { first: 0.3, further: 0.52 },
  },
  amounts: [],
  decision: QUESTION_DECISION,
};
