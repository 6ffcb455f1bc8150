import { ENGLISH_NUMERAL } from './english-numerals.ts';

const DIGITS = String.raw`\d+(?:[.,]\d+)*`;
/** `3万5千`, `1万2`: figures and Chinese scales in turns. */
const CHAIN = String.raw`(?:\d+(?:\.\d+)?[百千万亿]){1,3}\d(?![\d.,])|(?:\d+(?:\.\d+)?[百千万亿]){2,4}`;
const CHINESE_DIGITS = '零一二两三四五六七八九十百千万亿半几壹贰叁肆伍陆柒捌玖拾佰仟';
const MORE = '[多余来+]?';
const CODES =
  '(?<![a-z])(?:usdt?|usdc|cny|rmb|eur|gbp|hkd|twd|ntd|jpy|sgd|aud|cad|nzd|chf|inr|rs|myr|rm|thb|krw|ngn|php|idr|brl|zar|kes|aed|sar)';
const HAN_CURRENCIES = /^\p{Script=Han}{2,}$/u;

/** Where a sum with a currency may stand: the currency before the figures, behind them, or behind number words. */
export interface SumPatterns {
  readonly before: RegExp;
  readonly after: RegExp;
  readonly spelled: RegExp;
}

/** The patterns for the names of currencies of a table. */
export function createSumPatterns(all: readonly string[]): SumPatterns {
  const names = [...all].sort((left, right) => right.length - left.length);
  const symbols = names
    .filter((name) => /[^\p{L}\p{N}]/u.test(name))
    .map((name) => (/^[a-z]/u.test(name) ? `(?<![a-z])${escapeRegExp(name)}` : escapeRegExp(name)))
    .join('|');
  const han = names.filter((name) => HAN_CURRENCIES.test(name));
  const words = names.map((name) => (/^[a-z]+$/u.test(name) ? `${name}(?![a-z])` : escapeRegExp(name))).join('|');
  const scale = `(?:百万|千万|十万|[百千万亿]|(?:k|w|mil|million|m|thousand|grand|lakhs?|lac|crores?)(?![a-z])|[kw](?=${words}))`;
  const number = String.raw`(?:(${CHAIN})|(${DIGITS})${MORE}\s?(${scale})?)${MORE}`;
  const numeral = `[${CHINESE_DIGITS}][${CHINESE_DIGITS}多余]{0,11}`;
  const hanBefore = han.length === 0 ? '' : `|(${han.join('|')})(${numeral})[元块圆]?`;
  return {
    before: new RegExp(
      String.raw`(${symbols}|${CODES}${han.map((name) => `|${name}`).join('')})\s?${number}${hanBefore}`,
      'giu',
    ),
    after: new RegExp(
      String.raw`(?<![a-z\d.,#_百千万亿]|[a-z\d]-)(?:(?:\d+[-~到至])?${number}|(?<![${CHINESE_DIGITS}])(${numeral}))\s?(?:个|枚)?\s?(${words})`,
      'giu',
    ),
    spelled: new RegExp(
      String.raw`(?<![a-z])(${ENGLISH_NUMERAL})\s(?:of\s)?(?:(?:us|hong\skong|australian|canadian|singapore)\s)?(${words})`,
      'giu',
    ),
  };
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/gu, '\\$&');
}
