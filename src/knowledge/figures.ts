import { parseChinese } from '../triage/numerals.ts';

/** A figure with its unit, in one unit per kind, so that those of two texts and languages can be compared. */
export interface Figure {
  /** `percent`, `times`, `time` (hours), `business_time` (hours of business days) or `money:` and a currency. */
  readonly kind: string;
  readonly value: number;
}

const WORDS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');
const NUMBER = String.raw`(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[零一两二三四五六七八九十百]{1,4}|半|\b(?:${WORDS.join('|')}|twenty-four|thirty|half an?|an?)\b`;
const SCALE: Readonly<Record<string, number>> = {
  万: 10_000,
  千: 1_000,
  亿: 100_000_000,
  k: 1_000,
  million: 1_000_000,
};
/** Hours. */
const UNITS: readonly (readonly [RegExp, string, number])[] = [
  [/^(?:个?工作日|(?:business|working) days?)/u, 'business_time', 24],
  [/^(?:秒钟?|seconds?|secs?)/u, 'time', 1 / 3600],
  [/^(?:分钟|minutes?|mins?)/u, 'time', 1 / 60],
  [/^(?:个?小时|个?钟头|hours?|hrs?)/u, 'time', 1],
  [/^(?:天|日(?!期|元|常|志)|(?:calendar )?days?)/u, 'time', 24],
  [/^(?:个?星期|周|weeks?)/u, 'time', 168],
  [/^(?:个月|months?)/u, 'time', 720],
  [/^(?:年(?!月)|周年|years?)/u, 'time', 8_640],
  [/^(?:次(?!验证|确认|认证|密码)|times)/u, 'times', 1],
  [/^(?:%|％|percent|per cent)/u, 'percent', 1],
];
const CURRENCIES: readonly (readonly [RegExp, string])[] = [
  [/^(?:usdt|泰达)/u, 'usdt'],
  [/^(?:usd|us dollars?|dollars?|美元|美金|刀)/u, 'usd'],
  [/^(?:cny|rmb|yuan|元(?!期权|交易|合约|化)|块|人民币)/u, 'cny'],
  [/^(?:eur|euros?|欧元)/u, 'eur'],
  [/^(?:btc|比特币)/u, 'btc'],
  [/^(?:eth|以太坊)/u, 'eth'],
];
const SIGNS: Readonly<Record<string, string>> = { $: 'usd', '¥': 'cny', '￥': 'cny', '€': 'eur' };
const RANGE = String.raw`(?:\s*(?:-|–|—|~|～|至|到|to|or|或)\s*(?<second>${NUMBER}))?`;
const FIGURE = new RegExp(
  String.raw`(?<sign>[$¥￥€])?\s?(?<first>${NUMBER})${RANGE}\s*(?<scale>万|千|亿|million\b|k\b)?[\s-]*`,
  'gu',
);

/** The figures with a unit that a text names; bare numbers say nothing that could be compared. */
export function readFigures(text: string): Figure[] {
  const lower = text.toLowerCase();
  return [...lower.matchAll(FIGURE)].flatMap(({ index, 0: whole, groups }) => {
    const unit = unitOf(lower.slice(index + whole.length), groups?.sign);
    if (unit === undefined) return [];
    const factor = unit.factor * (SCALE[groups?.scale ?? ''] ?? 1);
    return [groups?.first, groups?.second].flatMap((written) => {
      const value = written === undefined ? undefined : numberOf(written);
      return value === undefined ? [] : [{ kind: unit.kind, value: Number((value * factor).toPrecision(9)) }];
    });
  });
}

function unitOf(rest: string, sign: string | undefined): { kind: string; factor: number } | undefined {
  const currency = sign === undefined ? CURRENCIES.find(([says]) => says.test(rest))?.[1] : SIGNS[sign];
  if (currency !== undefined) return { kind: `money:${currency}`, factor: 1 };
  const [, kind, factor] = UNITS.find(([says]) => says.test(rest)) ?? [];
  return kind === undefined || factor === undefined ? undefined : { kind, factor };
}

function numberOf(written: string): number | undefined {
  if (/^\d/u.test(written)) return Number(written.replaceAll(',', ''));
  if (written.startsWith('half')) return 0.5;
  if (/^an?$/u.test(written)) return 1;
  if (written === 'twenty-four') return 24;
  if (written === 'thirty') return 30;
  const word = WORDS.indexOf(written);
  if (word >= 0) return word;
  return written === '零' ? 0 : parseChinese(written);
}
