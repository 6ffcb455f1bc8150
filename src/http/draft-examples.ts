import { ITEM_EXAMPLE } from './answer-examples.ts';

const ITEM_ID = '01a20162-58db-746b-8ed4-46b9e0bc5972';
const DRAFT_ID = '01a20190-2b3c-7d4e-8f5a-6b7c8d9e0f1a';
const AT = '2026-11-02T08:30:00.000Z';

export const DRAFTS_EXAMPLES = {
  plain: { summary: '按反馈的语言和渠道', value: {} },
  phone: { summary: 'A script for a call, in English', value: { language: 'en', medium: 'phone' } },
};

const SENTENCE = {
  role: 'acknowledge',
  text: '您说提现（您提到 500 USDT）没有到账，我们在查这笔钱现在停在哪一步。',
  sources: [
    {
      kind: 'template',
      id: 'missing_money.withdrawal',
      version: '2026-11-22',
      wording: '您说提现[（您提到 {amount}）]没有到账，我们在查这笔钱现在停在哪一步。',
    },
    { kind: 'fact', fact: { kind: 'amount', text: '500 USDT', field: 'text', start: 4, end: 12 } },
  ],
};

export const DRAFT_EXAMPLE = {
  approach: 'brief',
  situation: 'missing_money',
  tone: 'grave',
  language: 'zh',
  medium: 'chat',
  text: SENTENCE.text,
  sentences: [SENTENCE],
  findings: [],
  expected_acceptance: 0.45,
  id: DRAFT_ID,
  feedback_id: ITEM_ID,
  at: AT,
  state: 'proposed',
  decided_at: null,
  by: null,
  reason: null,
  note: null,
  difference: null,
  distance: null,
};

export const DRAFTS_EXAMPLE = {
  feedback_id: ITEM_ID,
  item_version: 2,
  at: AT,
  situation: 'missing_money',
  drafts: [DRAFT_EXAMPLE],
  none: null,
  facts: [SENTENCE.sources[1]?.fact],
  articles: [
    {
      id: 'withdrawal-pending-on-chain',
      version: '2026-11-22',
      language: 'zh',
      title: '提币已提交但没有到账',
      score: 0.91,
      fits: true,
    },
  ],
  withheld: [],
  rewording: {
    state: 'waiting',
    draft_id: '01a20190-2b3c-7d4e-8f5a-6b7c8d9e0f1b',
    base_id: null,
    reason: null,
    prompt_tokens: null,
    completion_tokens: null,
    tokens_counted: null,
  },
};

const event = (name: string, data: unknown) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

/** A stream while a model writes one sentence anew. */
export const DRAFT_EVENTS_EXAMPLE = [
  event('drafts', DRAFTS_EXAMPLE),
  event('sentence', { draft_id: DRAFTS_EXAMPLE.rewording.draft_id, number: 0, ...SENTENCE }),
  event('drafts', DRAFTS_EXAMPLE),
  event('end', { state: 'done', reason: null }),
].join('');

export const ACCEPT_EXAMPLES = {
  elsewhere: { summary: 'Sent by other means', value: { send: 'elsewhere', by: 'lin' } },
};

const EDITED = '您说提现（您提到 500 USDT）没有到账，我们已联系链上节点，正在核查。';

export const EDIT_EXAMPLES = {
  edit: { summary: '修改后发送', value: { text: EDITED, confirm: false, send: 'elsewhere', by: 'lin' } },
};

export const REJECT_EXAMPLES = {
  steps: {
    summary: 'The steps are for another case',
    value: { reason: 'wrong_steps', note: 'TRC20, not a bank', by: 'lin' },
  },
};

export const DECIDED_EXAMPLE = {
  draft: {
    ...DRAFT_EXAMPLE,
    state: 'accepted',
    decided_at: AT,
    by: 'lin',
    difference: [{ kind: 'same', text: SENTENCE.text }],
    distance: 0,
  },
  reply: {
    id: '01a20191-5c6d-7e8f-9a0b-1c2d3e4f5a6b',
    feedback_id: ITEM_ID,
    draft_id: DRAFT_ID,
    at: AT,
    by: 'lin',
    channel: 'chat',
    text: SENTENCE.text,
    delivery: 'elsewhere',
    state: 'sent',
    sent_at: AT,
  },
  item: { ...ITEM_EXAMPLE, status: 'replied', version: 4 },
};

export const REJECTED_EXAMPLE = {
  draft: {
    ...DRAFT_EXAMPLE,
    state: 'rejected',
    decided_at: AT,
    by: 'lin',
    reason: 'wrong_steps',
    note: 'TRC20, not a bank',
  },
  item: ITEM_EXAMPLE,
};

export const GAPS_EXAMPLE = {
  items: [
    {
      language: 'en',
      topic: 'legal_privacy',
      items: 3,
      last_at: AT,
      examples: [{ feedback_id: ITEM_ID, text: 'Which entity holds my account as a resident of Ireland?' }],
      drafted_article: null,
    },
  ],
};

const few = (count: number, of: number) => ({ count, of, share: null, low: null, high: null });
const USED = { count: 24, of: 40, share: 0.6, low: 0.446, high: 0.7365 };
const KEPT = { count: 8, of: 30, share: 0.2667, low: 0.1418, high: 0.4445 };

export const REPORT_EXAMPLE = {
  from: '2026-10-31T16:00:00.000Z',
  to: '2026-11-30T16:00:00.000Z',
  every: 'month',
  time_zone: 'Asia/Shanghai',
  too_few_below: 10,
  groups: [
    {
      dimension: 'all',
      key: '',
      sets: {
        made: 40,
        without_draft: { count: 2, of: 40, share: 0.05, low: 0.0138, high: 0.165 },
        reasons: [{ reason: 'no_article', n: 2 }],
        used: USED,
      },
      offered: 96,
      accepted: { count: 18, of: 30, share: 0.6, low: 0.4232, high: 0.7541 },
      edited: few(6, 9),
      rejected: few(6, 9),
      reasons: [{ reason: 'wrong_steps', n: 6 }],
      mean_changed: null,
      median_seconds: 84,
      answers: [{ way: 'accepted', items: 18, rated: 11, mean_score: 4.4, reopened: few(0, 9) }],
    },
  ],
  weak: [],
  sources: [
    {
      kind: 'article',
      id: 'withdrawal-pending-on-chain',
      language: 'zh',
      title: '提币已提交但没有到账',
      offered: 41,
      accepted: KEPT,
      edited: KEPT,
      rejected: KEPT,
      is_weak: false,
    },
  ],
  wordings: [
    {
      id: 'missing_money.withdrawal',
      wording: '您说提现[（您提到 {amount}）]没有到账，我们在查这笔钱现在停在哪一步。',
      language: 'zh',
      approach: 'brief',
      offered: 41,
      accepted: KEPT,
      edited: KEPT,
      rejected: KEPT,
      is_weak: false,
    },
  ],
  guards: [{ guard: 'promise', withheld: 3, withheld_from_model: 5, warned: 0 }],
  model: {
    outcomes: [{ outcome: 'done', n: 12 }],
    prompt_tokens: 7_320,
    completion_tokens: 1_080,
    estimated: 0,
    cost: 0.01,
  },
};
