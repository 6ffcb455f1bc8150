import type { Bilingual } from '../triage/taxonomy.ts';

export const LANGUAGES = ['zh', 'en'] as const;
export type UiLanguage = (typeof LANGUAGES)[number];

/** Chinese where the system speaks Chinese. */
export function systemLanguage(): UiLanguage {
  return new Intl.DateTimeFormat().resolvedOptions().locale.startsWith('zh') ? 'zh' : 'en';
}

export const TEXT = {
  line: { zh: '行', en: 'line' },
  priority: { zh: '级别', en: 'prio' },
  score: { zh: '分', en: 'score' },
  type: { zh: '类型', en: 'type' },
  topics: { zh: '主题', en: 'topics' },
  queue: { zh: '队列', en: 'queue' },
  due: { zh: '首次响应截止', en: 'answer by' },
  text: { zh: '内容', en: 'text' },
  items: { zh: '条', en: 'items' },
  byPriority: { zh: '按级别', en: 'By priority' },
  byType: { zh: '按类型', en: 'By type' },
  byTopic: { zh: '按主题', en: 'By topic' },
  noTopic: { zh: '（无）', en: '(none)' },
  review: { zh: '需要人工确认', en: 'A person should look at' },
  reviewMark: { zh: '“?”表示需要人工确认', en: '“?” marks items that a person should look at' },
  badLines: { zh: '未能处理的行', en: 'Lines that were not processed' },
  reading: { zh: '正在判断', en: 'Deciding' },
  training: { zh: '首次使用，正在从样例学习', en: 'First use: learning from the examples' },
  seconds: { zh: '秒', en: 's' },
  perItem: { zh: '毫秒/条', en: 'ms each' },
  stored: { zh: '已保存到数据库', en: 'Stored in the database' },
  existed: { zh: '已存在（未重复保存）', en: 'Already stored (not stored again)' },
  language: { zh: '语言', en: 'Language' },
  flags: { zh: '风险标记', en: 'Risk flags' },
  none: { zh: '无', en: 'none' },
  urgency: { zh: '紧急程度', en: 'Urgency' },
  reasons: { zh: '理由', en: 'Reasons' },
  deadlines: { zh: '时限', en: 'Deadlines' },
  firstResponse: { zh: '首次响应', en: 'first response' },
  resolution: { zh: '解决', en: 'resolution' },
  wouldChange: { zh: '若情况不同', en: 'What would change it' },
  masked: { zh: '已遮盖的个人信息', en: 'Personal data masked' },
  needsReview: { zh: '人工确认', en: 'Needs a person' },
  testing: { zh: '正在检验样例', en: 'Testing the examples' },
  comparing: { zh: '正在比较', en: 'Comparing' },
  shouldFire: { zh: '应当触发，实际没有', en: 'should fire and does not' },
  shouldBeSilent: { zh: '不应触发，实际触发了', en: 'should not fire and does' },
  rules: { zh: '规则', en: 'rules' },
  examples: { zh: '样例', en: 'examples' },
  failed: { zh: '不符', en: 'failed' },
  changed: { zh: '有变化', en: 'Changed' },
  normalized: { zh: '规则读到的文字', en: 'Text as rules read it' },
  segments: { zh: '分词', en: 'Words' },
  cues: { zh: '语境词及其作用范围', en: 'Words that open a scope, and what they reach' },
  fired: { zh: '触发的规则', en: 'Rules that fired' },
  silenced: { zh: '词句出现但未生效的规则', en: 'Rules whose words stand here without effect' },
  learned: { zh: '模型的概率', en: 'Learned probabilities' },
  amounts: { zh: '金额换算', en: 'Sums' },
  yes: { zh: '是', en: 'yes' },
  no: { zh: '否', en: 'no' },
} as const satisfies Record<string, Bilingual>;
