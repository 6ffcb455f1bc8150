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
  yes: { zh: '是', en: 'yes' },
  no: { zh: '否', en: 'no' },
  version: { zh: '版本', en: 'version' },
  inForce: { zh: '生效', en: 'in force' },
  trainedAt: { zh: '保存时间', en: 'kept at' },
  outcome: { zh: '来历', en: 'outcome' },
  corrections: { zh: '更正数', en: 'corrections' },
  exported: { zh: '已导出', en: 'exported' },
  imported: { zh: '已导入，启用之前不参与判断', en: 'imported; it decides nothing until it is activated' },
  importedBefore: { zh: '已有此版本，未作改动', en: 'is here already; nothing was changed' },
  outcomes: {
    seeds: { zh: '随附样例', en: 'shipped examples' },
    promoted: { zh: '比较后启用', en: 'promoted' },
    held_back: { zh: '比较后保留', en: 'held back' },
    imported: { zh: '从文件导入', en: 'imported' },
  },
} as const satisfies Record<string, Bilingual | Record<string, Bilingual>>;
