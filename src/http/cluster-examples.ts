import { ITEM_EXAMPLE } from './answer-examples.ts';

const ID = '01a20162-9a10-7c52-8f11-2d7c3b9e4a60';
/** The other cluster that examples name. */
export const OTHER_CLUSTER = '01a20162-9b44-7d03-a2c8-6e1f0d5b7c92';
/** The item that examples select. */
export const CLUSTERED_ITEM = '01a20170-3c1e-7a52-9d0b-8f5e2c7a1b64';
const CUSTOMER = '01a20162-7c05-7b1e-9f4d-1a2b3c4d5e6f';
const ALERT = '01a20171-0b2d-7e61-8c3a-4f5d6e7f8a90';

/** Bodies of `POST /v1/clusters/{id}/rename`. */
export const RENAME_EXAMPLES = {
  both: {
    summary: '两种语言的标题',
    value: { title: { zh: 'TRC20 提现长时间未到账', en: 'TRC20 withdrawals not arriving' }, by: 'lin' },
  },
  back: { summary: 'The Chinese title back to the machine', value: { title: { zh: null } } },
};

/** Bodies of `POST /v1/clusters/{id}/status`. */
export const ISSUE_EXAMPLES = {
  known: {
    summary: '标记为已知问题',
    value: { status: 'investigating', note: '链上确认延迟，正在排查', owner: 'lin', ticket: 'PAY-1042', by: 'lin' },
  },
  fixed: { summary: 'It is fixed', value: { status: 'fixed', fixed_in: '4.2.2', by: 'maria' } },
};

/** Bodies of `POST /v1/clusters/{id}/merge`. */
export const CLUSTER_MERGE_EXAMPLES = {
  same: { summary: '同一个问题', value: { into: OTHER_CLUSTER, reason: '同一个问题', by: 'lin' } },
};

/** Bodies of `POST /v1/clusters/{id}/split`. */
export const CLUSTER_SPLIT_EXAMPLES = {
  selection: {
    summary: 'Another matter got in',
    value: { items: [CLUSTERED_ITEM], reason: 'These are about fees', by: 'maria' },
  },
  suggested: { summary: '看看可以怎样拆分', value: { parts: 2, dry_run: true } },
};

/** Bodies of `POST /v1/clusters/{id}/move`. */
export const MOVE_EXAMPLES = {
  move: { summary: '移到另一个问题', value: { items: [CLUSTERED_ITEM], to: OTHER_CLUSTER, by: 'lin' } },
  out: { summary: 'Belongs to no known issue', value: { items: [CLUSTERED_ITEM], to: null } },
};

/** Bodies of `POST /v1/clusters/{id}/told`. */
export const TOLD_EXAMPLES = { told: { summary: '已通知客户', value: { customers: [CUSTOMER], by: 'lin' } } };

/** Bodies of `POST /v1/alerts/{id}/acknowledge`. */
export const ACKNOWLEDGE_EXAMPLES = { seen: { summary: '有人在处理', value: { note: '已通知支付团队', by: 'lin' } } };

export const CLUSTER_EXAMPLE = {
  id: ID,
  title: { zh: '提现长时间未到账', en: 'Withdrawals not arriving' },
  named_by: { zh: 'machine', en: 'machine' },
  phrases: { zh: ['提现未到账', '一直处理中'], en: ['withdrawal pending', 'not arrived'] },
  status: 'investigating',
  note: '链上确认延迟，正在排查',
  fixed_in: null,
  fixed_at: null,
  regressed_at: null,
  owner: 'lin',
  ticket: 'PAY-1042',
  items: 42,
  customers: 37,
  first_seen_at: '2026-10-28T03:12:00.000Z',
  last_seen_at: '2026-11-02T07:40:00.000Z',
  impact: {
    score: 54.2,
    parts: { customers: 18.4, severity: 14.1, money: 9.6, tier: 0.9, trend: 10.9, age: 0.3 },
  },
  trend: { state: 'rising', growth: 3.4, low: 1.9, high: 6.2, recent: 31, usual: 9 },
  languages: { zh: 30, en: 12 },
  channels: { chat: 25, email: 17 },
  types: { technical_issue: 41, service_complaint: 1 },
  topics: { withdrawal: 42, customer_service: 5 },
  priorities: { P1: 1, P2: 38, P3: 3, P4: 0 },
  tiers: { standard: 33, vip: 4 },
  money_at_risk_usd: 61_250,
  figures_at: '2026-11-02T07:45:00.000Z',
  created_at: '2026-10-28T05:30:00.000Z',
  updated_at: '2026-11-02T07:00:00.000Z',
  retired_at: null,
  version: 4,
};
export const CLUSTERS_EXAMPLE = { items: [CLUSTER_EXAMPLE], next_cursor: null };
export const FIXED_EXAMPLE = {
  ...CLUSTER_EXAMPLE,
  status: 'fixed',
  fixed_in: '4.2.2',
  fixed_at: '2026-11-02T08:00:00.000Z',
  version: 6,
};

export const ALERT_EXAMPLE = {
  id: ALERT,
  kind: 'burst',
  about: 'cluster',
  cluster: { id: ID, title: CLUSTER_EXAMPLE.title },
  topic: null,
  group_id: ALERT,
  started_at: '2026-11-02T06:52:00.000Z',
  opened_at: '2026-11-02T07:20:00.000Z',
  closed_at: null,
  peak: 12,
  expected: 0.6,
  acknowledged_at: null,
  acknowledged_by: null,
  note: null,
};
export const ACKNOWLEDGED_EXAMPLE = {
  ...ALERT_EXAMPLE,
  acknowledged_at: '2026-11-02T07:31:00.000Z',
  acknowledged_by: 'lin',
  note: '已通知支付团队',
};

export const CLUSTER_DETAIL_EXAMPLE = {
  ...CLUSTER_EXAMPLE,
  quotes: [
    {
      feedback_id: ITEM_EXAMPLE.id,
      text: '提现三天了还没到账，请帮忙查一下',
      language: 'zh',
      received_at: '2026-11-02T07:40:00.000Z',
    },
  ],
  alerts: [ALERT_EXAMPLE],
  merged_into: null,
};

export const CLUSTER_ITEMS_EXAMPLE = {
  items: [{ item: ITEM_EXAMPLE, joined_at: ITEM_EXAMPLE.received_at, joined_by: 'arrival', similarity: 0.71 }],
  next_cursor: null,
};

export const TIMELINE_EXAMPLE = {
  by: 'day',
  time_zone: 'Asia/Shanghai',
  steps: [
    { from: '2026-10-31T16:00:00.000Z', items: 0, customers: 0 },
    { from: '2026-11-01T16:00:00.000Z', items: 9, customers: 8 },
  ],
};

export const LINEAGE_EXAMPLE = {
  items: [
    {
      id: '01a20172-1c3e-7f72-9d4b-5a6e7f8b9c01',
      at: '2026-11-02T07:00:00.000Z',
      kind: 'split_from',
      cluster: { id: OTHER_CLUSTER, title: { zh: '提现手续费过高', en: 'Withdrawal fees too high' } },
      other: { id: ID, title: CLUSTER_EXAMPLE.title },
      items: 6,
      run_id: null,
      actor: { kind: 'api_key', name: 'desk' },
    },
  ],
  next_cursor: null,
};

const SUPERSEDED = {
  id: '01a20160-4d5e-7a83-8e5c-6b7f8a9c0d12',
  kind: 'apart',
  at: '2026-10-30T09:00:00.000Z',
  by: 'maria',
  items: 1,
};
export const DECIDED_EXAMPLE = { cluster: CLUSTER_EXAMPLE, superseded: [SUPERSEDED] };

export const PARTS_EXAMPLE = {
  cluster: CLUSTER_EXAMPLE,
  dry_run: true,
  parts: [
    {
      cluster_id: ID,
      title: CLUSTER_EXAMPLE.title,
      phrases: CLUSTER_EXAMPLE.phrases,
      items: 36,
      quotes: [{ feedback_id: ITEM_EXAMPLE.id, text: '提现三天了还没到账，请帮忙查一下' }],
    },
    {
      cluster_id: null,
      title: { zh: '提现手续费过高', en: 'Withdrawal fees too high' },
      phrases: { zh: ['手续费'], en: ['withdrawal fee'] },
      items: 6,
      quotes: [{ feedback_id: CLUSTERED_ITEM, text: '提现手续费怎么又涨了' }],
    },
  ],
  superseded: [],
};

export const AFFECTED_EXAMPLE = {
  items: [
    {
      customer_id: CUSTOMER,
      ref: 'c-1042',
      tier: 'vip',
      language: 'zh',
      items: 2,
      last_item: ITEM_EXAMPLE.id,
      notice:
        '您好，您之前向我们反馈的“提现长时间未到账”问题，已在 4.2.2 中修复。请您再试一下；如果问题还在，直接回复这条消息，我们会继续跟进。感谢您的反馈！',
      told_at: null,
      told_by: null,
    },
  ],
  next_cursor: null,
};
