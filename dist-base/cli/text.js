export const LANGUAGES = ['zh', 'en'];
/** Chinese where the system speaks Chinese. */
export function systemLanguage() {
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
};
//# sourceMappingURL=text.js.map