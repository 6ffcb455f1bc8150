import { UNTOUCHED } from '../feedback/view.ts';
import { CLASSIFY_EXAMPLES, FEEDBACK_EXAMPLES } from './examples.ts';

const ID = '01a20162-58db-746b-8ed4-46b9e0bc5972';
const RECEIVED = '2026-11-02T08:00:00.000Z';
const VERSIONS = {
  model: 'a896a4db4aeb',
  taxonomy: '4c38c2c9f3b6',
  rules: '02f31c354ad7',
  sla: '1d0e83b7c5f2',
  routing: '9b64aa21e07c',
  head: '8147a8f2eebb',
};

/** What the service decides about `CLASSIFY_EXAMPLES.question`. */
const QUESTION_DECISION = {
  language: 'en',
  type: { key: 'question', confidence: 0.8654, alternatives: [{ key: 'praise', confidence: 0.0478 }] },
  topics: [{ key: 'account_security', confidence: 0.9693 }],
  risk_flags: [],
  urgency: { score: 0, reasons: [] },
  priority: 'P4',
  priority_reasons: [],
  counterfactual: {
    change: { zh: '如果是第三次联系', en: 'if it were the third contact' },
    priority: 'P2',
  },
  deadlines: { first_response_at: '2026-11-03T16:00:00.000Z', resolve_at: null },
  queue: 'security',
  needs_review: {
    yes: true,
    why: [
      {
        code: 'low_confidence',
        note: {
          zh: '类型把握不足，请人确认',
          en: 'The type is not certain enough; a person should confirm it',
        },
      },
    ],
  },
  explanation: {
    type: [{ quote: 'asking', field: 'text', start: 23, end: 29, weight: 0.214 }],
    topics: { account_security: [{ quote: 'hacked', field: 'text', start: 10, end: 16, weight: 0.683 }] },
    nearest: [{ id: 'q-071', type: 'question', similarity: 0.711, text: 'How do I turn on 2FA?' }],
  },
  settled: null,
  redactions: [],
  input: { characters: CLASSIFY_EXAMPLES.question.value.text.length, tokens: 17, truncated: false, reports: 0 },
  versions: VERSIONS,
};

/** What the service decides about `FEEDBACK_EXAMPLES.withdrawal`. */
const WITHDRAWAL_DECISION = {
  language: 'zh',
  type: { key: 'technical_issue', confidence: 0.9935, alternatives: [{ key: 'other', confidence: 0.0033 }] },
  topics: [{ key: 'withdrawal', confidence: 0.9994 }],
  risk_flags: ['funds_at_risk'],
  urgency: {
    score: 60,
    reasons: [
      {
        rule: 'withdrawal_not_arriving',
        points: 24,
        note: { zh: '提出的钱没有到', en: 'Money taken out has not arrived' },
        quote: '提现三天了还没到',
        field: 'text',
        start: 0,
        end: 8,
      },
    ],
  },
  priority: 'P2',
  priority_reasons: [
    {
      rule: 'p2_funds',
      priority: 'P2',
      note: { zh: '客户的钱有风险', en: 'The customer’s money is at risk' },
    },
  ],
  counterfactual: { change: { zh: '如果涉及大额资金', en: 'if a large sum were at stake' }, priority: 'P1' },
  deadlines: { first_response_at: '2026-11-02T12:00:00.000Z', resolve_at: '2026-11-04T08:00:00.000Z' },
  queue: 'payments',
  needs_review: { yes: false, why: [] },
  explanation: {
    type: [{ quote: '到账', field: 'text', start: 7, end: 9, weight: 0.402 }],
    topics: { withdrawal: [{ quote: '提现', field: 'text', start: 0, end: 2, weight: 0.955 }] },
    nearest: [{ id: 't-112', type: 'technical_issue', similarity: 0.803, text: '提现两天没到账，帮我查查' }],
  },
  settled: null,
  redactions: [],
  input: { characters: 21, tokens: 22, truncated: false, reports: 0 },
  versions: VERSIONS,
};

export const CLASSIFIED_EXAMPLE = { ...QUESTION_DECISION, timing_ms: 18.4 };

export const CLASSIFIED_BATCH_EXAMPLE = {
  items: [
    { status: 200, decision: CLASSIFIED_EXAMPLE },
    {
      status: 422,
      problem: {
        type: 'urn:feedback-triage:problem:invalid_input',
        title: 'The input is not valid',
        status: 422,
        code: 'invalid_input',
        detail: 'Not accepted: /items/1/text.',
        errors: [{ pointer: '/items/1/text', message: 'must not be empty' }],
        requestId: ID,
      },
    },
  ],
};

const ITEM = {
  ...FEEDBACK_EXAMPLES.withdrawal.value,
  id: ID,
  status: 'assigned',
  next: ['in_progress', 'replied', 'waiting_for_customer', 'resolved'],
  received_at: RECEIVED,
  happened_at: '2026-11-01T01:30:00.000Z',
  updated_at: RECEIVED,
  version: 1,
  rating: null,
  language: WITHDRAWAL_DECISION.language,
  type: WITHDRAWAL_DECISION.type.key,
  topics: WITHDRAWAL_DECISION.topics.map(({ key }) => key),
  risk_flags: WITHDRAWAL_DECISION.risk_flags,
  urgency_score: WITHDRAWAL_DECISION.urgency.score,
  priority: WITHDRAWAL_DECISION.priority,
  queue: WITHDRAWAL_DECISION.queue,
  needs_review: WITHDRAWAL_DECISION.needs_review.yes,
  first_response_due_at: WITHDRAWAL_DECISION.deadlines.first_response_at,
  resolve_due_at: WITHDRAWAL_DECISION.deadlines.resolve_at,
  ...UNTOUCHED,
};

export const SUBMITTED_EXAMPLE = { ...ITEM, decision: WITHDRAWAL_DECISION };

export const PAGE_EXAMPLE = { items: [ITEM], next_cursor: null };

export const DETAIL_EXAMPLE = {
  ...SUBMITTED_EXAMPLE,
  decisions: [
    {
      id: '01a20162-58de-7f0e-9a3c-6f1f0a1d2b3c',
      created_at: RECEIVED,
      actor: { kind: 'api_key', name: 'crm' },
      decision: WITHDRAWAL_DECISION,
    },
  ],
};

export const ITEM_EXAMPLE = ITEM;
