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
