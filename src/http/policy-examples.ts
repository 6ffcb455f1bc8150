import { RULES_DETAIL_EXAMPLE, RULES_EXAMPLE, RULES_VERSION } from './rule-examples.ts';

const target = (duration: string, calendar: string) => ({ duration, calendar });
const EVERY_DAY = 'all_day';

export const CALENDAR = {
  name: 'london_office',
  label: { zh: '伦敦办公时间', en: 'Office hours in London' },
  time_zone: 'Europe/London',
  hours: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [['09:00', '17:30']]])),
  holidays: [{ day: '2026-12-25', label: { zh: '圣诞节', en: 'Christmas Day' } }],
};
const ALWAYS = {
  name: 'always',
  label: { zh: '全天候', en: 'Round the clock' },
  hours: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, EVERY_DAY])),
};
export const SLA_DOCUMENT = {
  version: '2026-12',
  calendars: [ALWAYS, CALENDAR],
  priorities: {
    P1: { first_response: target('30m', 'always'), resolution: target('12h', 'always'), warn_before: 0.25 },
    P2: { first_response: target('4h', 'always'), resolution: target('48h', 'always'), warn_before: 0.25 },
    P3: { first_response: target('1d', 'london_office'), resolution: target('5d', 'london_office') },
    P4: { first_response: target('2d', 'london_office'), resolution: null },
  },
};
export const ROUTING_DOCUMENT = {
  version: '2026-12',
  queues: [
    { key: 'security', name: { zh: '安全应急', en: 'Security response' }, restricted: true },
    { key: 'general', name: { zh: '综合客服', en: 'General support' } },
  ],
  teams: [{ key: 'support', name: { zh: '客户服务', en: 'Customer service' }, queues: ['security', 'general'] }],
  weights: { P1: 4, P2: 3, P3: 2, P4: 1 },
  rules: [{ queue: 'security', flags: ['security_compromise', 'fraud_report'] }],
  fallback: 'general',
};

const VERSION = { ...RULES_VERSION, note: null };
/** Examples of the versions of one kind. */
export const versionExamples = (document: object) => ({
  list: RULES_EXAMPLE,
  version: VERSION,
  detail: { ...RULES_DETAIL_EXAMPLE, note: null, document },
});
export const publishExample = (document: object) => ({
  document,
  parent: '02f31c354ad7',
  note: 'Shorter first response',
});
export const VALID_EXAMPLE = { valid: true, version: VERSION.version, problems: [] };
export const CALENDARS_EXAMPLE = { items: [ALWAYS, CALENDAR] };
export const PUBLISHED_EXAMPLE = VERSION;
