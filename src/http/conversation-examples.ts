import { ITEM_EXAMPLE } from './answer-examples.ts';

const ITEM_ID = '01a20162-58db-746b-8ed4-46b9e0bc5972';
const OTHER_ID = '01a20170-3c1e-7a52-9d0b-8f5e2c7a1b64';
const AT = '2026-11-02T08:30:00.000Z';
const ACTOR = { kind: 'api_key', name: 'crm' };

export const NOTE_EXAMPLES = {
  note: { summary: '内部备注', value: { text: '链上已确认，等财务入账；客户昨天打过电话', by: 'lin' } },
};

export const NOTE_EXAMPLE = {
  id: '01a20163-0b1f-7c44-8e0d-5a3f9c2b7d10',
  feedback_id: ITEM_ID,
  at: AT,
  actor: ACTOR,
  ...NOTE_EXAMPLES.note.value,
};

export const WATCHERS_EXAMPLE = { items: [{ name: 'lin', since: AT }] };

export const LINK_EXAMPLES = {
  cause: { summary: 'What caused it', value: { kind: 'caused_by', to: OTHER_ID, by: 'lin' } },
};

export const LINKS_EXAMPLE = {
  items: [
    {
      id: '01a20171-77aa-7b90-a1c2-0d9e8f7a6b5c',
      kind: 'caused_by',
      from: ITEM_ID,
      to: OTHER_ID,
      at: AT,
      actor: ACTOR,
      by: 'lin',
      other: {
        id: OTHER_ID,
        status: 'in_progress',
        type: 'technical_issue',
        priority: 'P1',
        text: '所有人都无法提现，页面报错',
      },
    },
  ],
};

const MERGE_REASON = '同一笔提现，客户写了两次';

export const MERGE_EXAMPLES = {
  duplicate: { summary: '同一件事', value: { into: OTHER_ID, reason: MERGE_REASON, by: 'lin' } },
};

export const UNMERGE_EXAMPLES = {
  mistake: { summary: 'They were two matters', value: { reason: 'Two different withdrawals', by: 'lin' } },
};

const TARGET = { ...ITEM_EXAMPLE, id: OTHER_ID, external_id: 'mail-2026-11-01-0002', version: 2 };
const MERGED = {
  ...ITEM_EXAMPLE,
  status: 'resolved',
  next: [],
  resolution: 'duplicate',
  resolved_at: AT,
  merged_into: OTHER_ID,
  version: 2,
};

export const PAIR_EXAMPLE = { item: MERGED, target: TARGET };

export const MERGED_EXAMPLE = { items: [MERGED] };

export const SPLIT_EXAMPLES = {
  part: { summary: '另一件事', value: { text: '请帮忙查一下', reason: '另一个问题，另一个组处理', by: 'lin' } },
};

export const SPLIT_EXAMPLE = {
  item: { ...ITEM_EXAMPLE, version: 2 },
  part: {
    ...ITEM_EXAMPLE,
    id: OTHER_ID,
    subject: null,
    external_id: null,
    text: SPLIT_EXAMPLES.part.value.text,
    metadata: {},
    version: 2,
  },
};

export const MESSAGE_EXAMPLES = {
  inbound: { summary: '客户来信', value: { direction: 'inbound', text: '还是没到账，麻烦再查一下', channel: 'email' } },
  outbound: {
    summary: 'What the customer was sent',
    value: { direction: 'outbound', text: 'We are tracing the transfer and will write by tomorrow.', by: 'lin' },
  },
};

export const MESSAGE_EXAMPLE = {
  id: '01a20180-1d2c-7e3f-8a4b-5c6d7e8f9a0b',
  feedback_id: ITEM_ID,
  at: AT,
  actor: ACTOR,
  by: null,
  ...MESSAGE_EXAMPLES.inbound.value,
};

export const MESSAGE_ANSWER_EXAMPLE = {
  message: MESSAGE_EXAMPLE,
  item: { ...ITEM_EXAMPLE, status: 'in_progress', version: 5 },
  decision: { type: 'technical_issue', priority: 'P2', risk_flags: ['funds_at_risk'] },
  satisfied: false,
  reopened: false,
  raised: false,
  suggested_transition: null,
};

export const SATISFACTION_EXAMPLES = {
  content: { summary: '已解决', value: { score: 5, solved: true, comment: '处理得很快' } },
  unsolved: { summary: 'Not solved', value: { score: 2, solved: false, comment: 'The money is still missing' } },
};

export const RATED_EXAMPLE = {
  ...ITEM_EXAMPLE,
  status: 'closed',
  next: ['assigned'],
  resolution: 'solved',
  resolved_at: AT,
  closed_at: AT,
  satisfaction: 5,
  version: 8,
};

export const FORGOTTEN_EXAMPLE = {
  items: [
    { ...ITEM_EXAMPLE, reasons: [{ code: 'overdue', note: { zh: '已超过期限', en: 'It is past its due time' } }] },
  ],
  next_cursor: null,
};

export const HISTORY_EXAMPLE = {
  items: [
    {
      seq: '41',
      at: AT,
      actor: ACTOR,
      action: 'feedback.transitioned',
      summary: { zh: '由“待处理”变为“已回复”', en: 'From assigned to replied' },
      change: { from: 'assigned', to: 'replied', resolution: null, reason: null, by: 'lin' },
      hash: '9f2b6c0d41e7a85390bb14c6f7d2e8a35c1d90e4b7f63a28d5c9e0f1a2b3c4d5',
    },
  ],
  next_cursor: null,
};

export const AUDIT_EXAMPLE = { subject: ITEM_ID, whole: true, entries: 8, findings: [] };

export const PRIORITY_EXAMPLES = {
  higher: { summary: '人工提高优先级', value: { priority: 'P1', reason: '客户涉及大额资金，主管已确认', by: 'lin' } },
};
