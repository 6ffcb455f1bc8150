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
