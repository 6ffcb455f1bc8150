const VERSION = '9d0f6a3c51be';
const UPDATED = '2026-11-02T08:30:00.000Z';

const LABELS = [
  {
    key: 'delivery',
    name: { zh: '配送', en: 'Delivery' },
    description: { zh: '包裹晚到、丢失、送错', en: 'A parcel is late, lost or at the wrong door' },
    examples: [
      '我的包裹三天了还没到',
      'Where is my parcel?',
      '快递送错地址了',
      'The courier never came',
      '物流一直不更新',
    ],
  },
  {
    key: 'returns',
    name: { zh: '退换货', en: 'Returns' },
    examples: [
      '我想退货',
      'How do I return these shoes?',
      '尺码不对，能换吗',
      'Still waiting for my refund',
      '退款什么时候到',
    ],
  },
  { key: 'fax', name: { zh: '传真', en: 'Fax' }, retired: true, examples: ['Your fax line is dead'] },
];

/** Bodies of `PUT /v1/taxonomies/{name}`. */
export const DEFINITION_EXAMPLES = {
  shop: { summary: '一家网店的标签', value: { labels: LABELS } },
};

/** A body of `POST /classify` with labels of its own. */
export const INLINE_EXAMPLES = {
  labels: {
    summary: 'Labels that come with the message',
    value: {
      text: '包裹寄到隔壁邻居那里去了',
      labels: [
        { name: '配送问题', description: '包裹晚到、丢失、送错', examples: ['快递送错地址了'] },
        { name: 'Returns', description: 'Sends goods back or wants money back' },
      ],
    },
  },
};

const SUMMARY = {
  name: 'shop',
  version: VERSION,
  status: 'training',
  answering: null,
  progress: { part: 'training', done: 18, total: 72 },
  report: { labels: 2, retired: 1, examples: 10, warnings: [], training: null, failure: null },
  updated_at: UPDATED,
};

const READY = {
  ...SUMMARY,
  status: 'ready',
  answering: VERSION,
  progress: null,
  report: {
    ...SUMMARY.report,
    training: { trained_at: UPDATED, examples: 10, held_out_accuracy: 0.9, threshold: 0.62, near_duplicates: [] },
  },
};

const DEFAULT = {
  ...READY,
  name: 'default',
  version: '4c38c2c9f3b6',
  answering: '4c38c2c9f3b6',
  report: { labels: 21, retired: 0, examples: 3_640, warnings: [], training: null, failure: null },
  updated_at: null,
};

export const DEFINED_EXAMPLE = SUMMARY;
export const UNCHANGED_EXAMPLE = READY;
export const TAXONOMIES_EXAMPLE = { items: [DEFAULT, READY] };
export const TAXONOMY_EXAMPLES = {
  own: { summary: 'One that was defined', value: { ...READY, labels: LABELS } },
  default: {
    summary: 'The one that is shipped, shortened',
    value: {
      ...DEFAULT,
      types: [{ key: 'question', name: { zh: '咨询', en: 'Question' } }],
      topics: [{ key: 'deposit', name: { zh: '充值', en: 'Deposit' } }],
      retired_labels: [{ group: 'topics', key: 'fax', name: { zh: '传真', en: 'Fax' } }],
    },
  },
};

/** What is answered about `INLINE_EXAMPLES.labels`. */
export const LABELLED_EXAMPLE = {
  taxonomy: null,
  version: '5b1c77e0a9d4',
  language: 'zh',
  label: {
    key: '配送问题',
    confidence: 0.9421,
    name: '配送问题',
    alternatives: [{ key: 'Returns', confidence: 0.0579 }],
  },
  fits: true,
  needs_review: { yes: false, why: [] },
  nearest: [{ id: '配送问题:0', label: '配送问题', similarity: 0.5138, text: '快递送错地址了' }],
  redactions: [],
  input: { characters: INLINE_EXAMPLES.labels.value.text.length, tokens: 12, truncated: false },
  versions: { model: 'a896a4db4aeb', taxonomy: '5b1c77e0a9d4' },
  timing_ms: 9.31,
};
