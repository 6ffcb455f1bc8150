import type { Span } from '../text/tracked.ts';

/** A sum of money named in a text. Offsets are into the normalised text. */
export interface Amount extends Span {
  /** In units of `currency`. */
  readonly amount: number;
  /** ISO 4217 code or asset ticker. */
  readonly currency: string;
  /** At the configured rate, rounded to cents. */
  readonly amountUsd: number;
}

/** USD for one unit of each currency, and the words that name it. */
export interface Rates {
  readonly usdPerUnit: Readonly<Record<string, number>>;
  /** Lower-case name → currency, e.g. `刀` → USD, `u` → USDT. */
  readonly names: Readonly<Record<string, string>>;
}

const DIGITS = String.raw`\d+(?:[.,]\d+)*`;
const CHINESE_DIGITS = '零一二两三四五六七八九十百千万亿半几';
const SCALES: Readonly<Record<string, number>> = {
  k: 1e3,
  m: 1e6,
  mil: 1e6,
  million: 1e6,
  thousand: 1e3,
  grand: 1e3,
  w: 1e4,
  百: 1e2,
  千: 1e3,
  万: 1e4,
  十万: 1e5,
  百万: 1e6,
  千万: 1e7,
  亿: 1e8,
};
const CHINESE_NUMERALS: Readonly<Record<string, number>> = {
  零: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
  几: 3,
};

export type AmountReader = (text: string) => Amount[];

/**
 * Reads sums in the forms that customers use: `85,000 USDT`, `1.2万U`, `￥3000`, `3k bucks`, `2 BTC`, `五万块`,
 * `12k`. A number without a currency is not a sum. The text must be normalised (half width, lower case).
 */
export function createAmountReader(rates: Rates): AmountReader {
  const names = Object.keys(rates.names).sort((left, right) => right.length - left.length);
  const symbols = names
    .filter((name) => /^[^\p{L}\p{N}]/u.test(name))
    .map(escapeRegExp)
    .join('|');
  const words = names.map((name) => (/^[a-z]+$/u.test(name) ? `${name}(?![a-z])` : escapeRegExp(name))).join('|');
  const scale = '(?:百万|千万|十万|[百千万亿]|(?:k|w|mil|million|m|thousand|grand)(?![a-z]))';
  const han = `[${CHINESE_DIGITS}]{1,12}`;
  const after = new RegExp(
    String.raw`(?<![a-z\d.,#_-])(?:(${DIGITS})多?\s?(${scale})?多?|(?<![${CHINESE_DIGITS}])(${han})多?)\s?(?:个|枚)?\s?(${words})`,
    'giu',
  );
  const before = new RegExp(
    String.raw`(${symbols}|(?<![a-z])(?:usd|usdt|cny|rmb|eur|gbp|hkd|us\$))\s?(${DIGITS})\s?(${scale})?`,
    'giu',
  );

  const toAmount = (value: number | undefined, name: string, start: number, length: number): Amount[] => {
    const currency = rates.names[name.toLowerCase()];
    const rate = currency === undefined ? undefined : rates.usdPerUnit[currency];
    if (value === undefined || currency === undefined || rate === undefined || !(value > 0)) return [];
    return [{ amount: value, currency, amountUsd: Math.round(value * rate * 100) / 100, start, end: start + length }];
  };

  return (text) => {
    const found: Amount[] = [];
    for (const match of text.matchAll(before)) {
      const value = scaled(parseDigits(match[2] ?? ''), match[3]);
      found.push(...toAmount(value, match[1] ?? '', match.index, match[0].length));
    }
    for (const match of text.matchAll(after)) {
      const value = match[1] === undefined ? parseChinese(match[3] ?? '') : scaled(parseDigits(match[1]), match[2]);
      found.push(...toAmount(value, match[4] ?? '', match.index, match[0].length));
    }
    return withoutOverlaps(found);
  };
}

function scaled(value: number | undefined, scale: string | undefined): number | undefined {
  if (value === undefined || scale === undefined) return value;
  return value * (SCALES[scale.toLowerCase()] ?? 1);
}

/** `12,000.50`, `12.000,50` and `12000`: the last sign with one or two digits behind it is the decimal one. */
function parseDigits(digits: string): number | undefined {
  const separator = /[.,](?=\d+$)/u.exec(digits)?.[0];
  const fraction = /[.,](\d+)$/u.exec(digits)?.[1];
  let plain = digits.replace(/[.,]/gu, '');
  const single = separator !== undefined && digits.split(separator).length === 2;
  const decimal = fraction !== undefined && (fraction.length !== 3 || (separator === '.' && single));
  if (decimal && fraction !== undefined) plain = `${plain.slice(0, -fraction.length)}.${fraction}`;
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}

/** `五万`, `三千五百`, `十二万`, `两百`; `几万` counts as three of them, `半` as a half. */
export function parseChinese(numeral: string): number | undefined {
  let total = 0;
  let section = 0;
  let digit: number | undefined;
  for (const character of numeral) {
    const scale = character === '十' ? 10 : SCALES[character];
    if (character === '半') digit = 0.5;
    else if (scale === undefined) digit = CHINESE_NUMERALS[character];
    else if (scale >= 1e4) {
      total = (total + section + (digit ?? (section === 0 && total === 0 ? 1 : 0))) * scale;
      section = 0;
      digit = undefined;
    } else {
      section += (digit ?? 1) * scale;
      digit = undefined;
    }
  }
  const value = total + section + (digit ?? 0);
  return value > 0 ? value : undefined;
}

function withoutOverlaps(amounts: readonly Amount[]): Amount[] {
  const sorted = [...amounts].sort((left, right) => left.start - right.start || right.end - left.end);
  const kept: Amount[] = [];
  for (const amount of sorted) {
    if (amount.start >= (kept.at(-1)?.end ?? 0)) kept.push(amount);
  }
  return kept;
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/gu, '\\$&');
}
