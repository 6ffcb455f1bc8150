/** What the OpenAPI document shows; a test sends every request example and checks every answer against its schema. */
export const CLASSIFY_EXAMPLES = {
  stolen: {
    summary: '账户被盗',
    value: {
      text: '我的账户被盗了，刚刚有人提走了12000 USDT',
      channel: 'chat',
      customer: { tier: 'standard', open_positions: false },
    },
  },
  question: {
    summary: 'A question',
    value: { text: 'I was not hacked, just asking how 2FA works', channel: 'email', language: 'en' },
  },
} as const;

export const FEEDBACK_EXAMPLES = {
  withdrawal: {
    summary: '提现未到账',
    value: {
      text: '提现三天了还没到账，请帮忙查一下',
      subject: '提现问题',
      channel: 'email',
      source: 'mailbox',
      external_id: 'mail-2026-11-01-0001',
      happened_at: '2026-11-01T09:30:00+08:00',
      customer: { ref: 'c-1042', tier: 'vip', prior_contacts_same_matter: 1 },
      metadata: { app_version: '4.2.1' },
    },
  },
} as const;

export const BATCH_EXAMPLES = {
  two: {
    summary: 'Two messages',
    value: { items: [{ text: 'Why is there no dark mode?' }, { text: '行情图表一直卡住不动', channel: 'in_app' }] },
  },
} as const;

export const CORRECTION_EXAMPLES = {
  correct: {
    summary: '更正类型和主题',
    value: { type: 'technical_issue', topics: ['withdrawal'], note: '客户说的是没到账，不是投诉', by: 'lin' },
  },
  confirm: { summary: 'All is right as it stands', value: { confirm: true, by: 'maria' } },
} as const;
