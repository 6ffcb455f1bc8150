import { expect, test } from 'vitest';
import { type HistoryNames, summarise } from '../../../src/feedback/history-words.ts';

const AGENT = '01a20162-58db-746b-8ed4-46b9e0bc5972';
const names: HistoryNames = {
  queues: new Map([['security', { zh: '安全应急', en: 'Security response' }]]),
  flags: new Map([['legal_threat', { zh: '法律威胁', en: 'Legal threat' }]]),
  types: new Map(),
  agents: new Map([[AGENT, { zh: '林', en: '林' }]]),
};

test('an assignment says to whom, and queues go by their names; what has no name any more is shown as it is', () => {
  expect(summarise('feedback.assigned', { from: null, to: AGENT }, names)).toEqual({
    zh: '已分派给 林',
    en: 'Assigned to 林',
  });
  expect(summarise('feedback.handed_over', { from: 'gone', to: 'security' }, names)).toEqual({
    zh: '由队列“gone”转交到“安全应急”',
    en: 'Handed over from queue “gone” to “Security response”',
  });
});

test('a new risk flag alone is told as such, not as a priority that rises to itself', () => {
  const change = { from: 'P2', to: 'P2', risk_flags: ['legal_threat', 'churn'], by: 'message', quote: '要报警' };
  expect(summarise('feedback.raised', change, names)).toEqual({
    zh: '因客户来信，增加风险标记“法律威胁”、“churn”：“要报警”',
    en: 'Risk flags added by a message: Legal threat, churn: “要报警”',
  });
});
