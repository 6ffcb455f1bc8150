const ID = '01a20162-58db-746b-8ed4-46b9e0bc5972';
const CREATED = '2026-11-22T08:00:00.000Z';

const ARTICLE = {
  slug: 'withdrawal-under-review',
  language: 'zh',
  title: '提现显示“审核中”或被风控暂缓',
  topics: ['withdrawal'],
  owner: 'payments',
  valid_from: '2026-11-01',
  valid_until: null,
  review_by: '2027-05-01',
  audience: 'customer',
  applies_to: ['question', 'technical_issue', 'funds_at_risk'],
  body: '提现前的核查保护您的资金。\n\n## 处理步骤\n\n1. 请打开“资产 → 提现记录”，查看这笔提现的状态。',
};
const { body, ...REST } = ARTICLE;

/** Bodies of `POST /v1/knowledge/articles`. */
export const NEW_ARTICLE_EXAMPLES = {
  zh: { summary: '一篇中文文章', value: ARTICLE },
  short: {
    summary: 'The least that is needed',
    value: {
      slug: 'parking',
      language: 'en',
      title: 'Where can I park?',
      topics: [],
      owner: 'general',
      body: 'There is no car park at the office.',
    },
  },
};

const { slug: _, language: __, ...CONTENT } = ARTICLE;

/** Bodies of `PUT /v1/knowledge/articles/{id}`. */
export const ARTICLE_CHANGE_EXAMPLES = {
  changed: { summary: '新的规则', value: { ...CONTENT, note: '提现页面改版' } },
};

export const ARTICLE_SUMMARY_EXAMPLE = {
  id: ID,
  ...REST,
  validity: 'current',
  source: 'shipped',
  translations: [{ id: '01a20162-58db-746b-8ed4-46b9e0bc5973', language: 'en' }],
  version: 1,
  content_version: 1,
  created_at: CREATED,
  updated_at: CREATED,
};

export const ARTICLE_EXAMPLE = { ...ARTICLE_SUMMARY_EXAMPLE, body, contradictions: [] };
export const RETIRED_EXAMPLE = { ...ARTICLE_EXAMPLE, validity: 'retired', source: 'person', version: 2 };
export const ARTICLES_EXAMPLE = { items: [ARTICLE_SUMMARY_EXAMPLE], next_cursor: null };

export const VERSIONS_EXAMPLE = {
  items: [
    {
      version: 1,
      at: CREATED,
      actor: { kind: 'operator', command: 'serve' },
      note: null,
      title: ARTICLE.title,
      body,
      topics: ARTICLE.topics,
      owner: ARTICLE.owner,
      valid_from: ARTICLE.valid_from,
      valid_until: null,
      review_by: ARTICLE.review_by,
    },
  ],
  next_cursor: null,
};

/** Bodies of `POST /v1/knowledge/search`. */
export const SEARCH_EXAMPLES = {
  zh: { summary: '客户的原话', value: { text: '钱取不出来，写着人工核查，都两天了' } },
  across: {
    summary: 'English articles for a Chinese question',
    value: { text: '钱取不出来，都两天了', languages: ['en'], topics: ['withdrawal'], limit: 1 },
  },
};

const STEP = '请打开“资产 → 提现记录”，查看这笔提现的状态。';
const START = body.indexOf(STEP);

export const SEARCH_EXAMPLE = {
  fits: true,
  confidence: 0.9313,
  language: 'zh',
  articles: 96,
  passages: [
    {
      article_id: ID,
      slug: ARTICLE.slug,
      version: 1,
      language: 'zh',
      title: ARTICLE.title,
      validity: 'current',
      score: 0.9313,
      fits: true,
      foreign: false,
      heading: '处理步骤',
      text: STEP,
      start: START,
      end: START + STEP.length,
      sentences: [{ kind: 'step', text: STEP, start: START, end: START + STEP.length }],
    },
  ],
};
