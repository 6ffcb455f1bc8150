import { expect, test } from 'vitest';
import { summarise } from '../../../src/feedback/history-words.ts';

test('a new risk flag alone is told as such, not as a priority that rises to itself', () => {
  const change = { from: 'P2', to: 'P2', risk_flags: ['legal_threat', 'churn'], by: 'message', quote: '要报警' };
  expect(summarise('feedback.raised', change)).toEqual({
    zh: '因客户来信，增加风险标记 legal_threat、churn：“要报警”',
    en: 'Risk flags added by a message: legal_threat, churn: “要报警”',
  });
});
