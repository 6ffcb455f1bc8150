import { ITEM_EXAMPLE } from './answer-examples.ts';

const QUEUE = {
  key: 'payments',
  name: { zh: '资金组', en: 'Payments' },
  team: 'operations',
  restricted: false,
  open: 42,
  unassigned: 5,
  oldest_unassigned_seconds: 1_260,
  overdue_first_responses: 1,
};

export const QUEUES_EXAMPLE = { items: [QUEUE] };

export const TEAMS_EXAMPLE = {
  items: [
    {
      key: 'operations',
      name: { zh: '业务运营', en: 'Operations' },
      queues: ['payments', 'identity', 'trading'],
      open: 71,
      unassigned: 9,
      oldest_unassigned_seconds: 1_260,
      overdue_first_responses: 2,
    },
  ],
};

/** Bodies of `POST /v1/agents`. */
export const AGENT_EXAMPLES = {
  lin: {
    summary: '资金组的客服',
    value: {
      name: '林静',
      languages: ['zh', 'en'],
      skills: ['payments', 'general'],
      capacity: 12,
      presence: 'available',
    },
  },
};

/** Bodies of `PATCH /v1/agents/{id}`. */
export const CHANGE_EXAMPLES = {
  away: { summary: 'Takes a break', value: { presence: 'away' } },
  skills: { summary: '增加技能和容量', value: { skills: ['payments', 'trading', 'general'], capacity: 16 } },
};

export const AGENT_EXAMPLE = {
  id: '01a20162-77aa-7c31-9d10-5b0c8f3e2a44',
  ...AGENT_EXAMPLES.lin.value,
  load: 7,
  open_items: 3,
  created_at: '2026-11-02T07:00:00.000Z',
  updated_at: '2026-11-02T07:55:00.000Z',
  last_assigned_at: '2026-11-02T08:00:00.000Z',
  version: 3,
};

export const AGENTS_EXAMPLE = { items: [AGENT_EXAMPLE] };

/** Bodies of `POST /v1/feedback/{id}/assign`. */
export const ASSIGN_EXAMPLES = {
  take: { summary: 'An agent takes it', value: { to: AGENT_EXAMPLE.id, by: 'lin' } },
  take_over: { summary: '从他人接手', value: { to: AGENT_EXAMPLE.id, take_over: true, reason: '原客服已下班' } },
  release: { summary: 'Back to its queue', value: { release: true } },
  hand_over: { summary: '转给资金组', value: { queue: 'payments', reason: '客户问的是提现进度', by: 'lin' } },
  wake: { summary: 'Back in sight', value: { snooze_until: null } },
};

/** Bodies of `POST /v1/queues/{key}/next`. */
export const NEXT_EXAMPLES = { next: { summary: '领取下一条', value: { agent: AGENT_EXAMPLE.id } } };

export const ASSIGNED_EXAMPLE = {
  ...ITEM_EXAMPLE,
  assignee: AGENT_EXAMPLE.id,
  updated_at: '2026-11-02T08:05:00.000Z',
  version: 2,
  warnings: [{ code: 'not_available', note: { zh: '该客服目前不在岗', en: 'The agent is not available now' } }],
};
