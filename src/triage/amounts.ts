import type { Span } from '../text/tracked.ts';
import { BARE_CHINESE, BARE_ENGLISH, FIGURES_CHINESE, FIGURES_ENGLISH, isBelow, isPrice } from './bare-sums.ts';
import { parseEnglish } from './english-numerals.ts';
import { parseChinese, parseDigits } from './numerals.ts';
import { createSumPatterns, type SumPatterns } from './sum-patterns.ts';

/** A sum of money named in a text. Offsets are into the normalised text. */
export interface Amount extends Span {
  /** In units of `currency`. */
  readonly amount: number;
  /** ISO 4217 code or asset ticker. */
  readonly currency: string;
  /** At the configured rate, rounded to cents; a hundredth less where the text says "just under" or 不到. */
  readonly amountUsd: number;
}

/** USD for one unit of each currency, and the words that name it. */
export interface Rates {
  readonly usdPerUnit: Readonly<Record<string, number>>;
  /** Lower-case name → currency, e.g. `刀` → USD, `u` → USDT. */
  readonly names: Readonly<Record<string, string>>;
}

const SCALES: Readonly<Record<string, number>> = {
  k: 1e3,
  m: 1e6,
  mil: 1e6,
  million: 1e6,
  thousand: 1e3,
  grand: 1e3,
  lakh: 1e5,
  lakhs: 1e5,
  lac: 1e5,
  crore: 1e7,
  crores: 1e7,
  w: 1e4,
  百: 1e2,
  千: 1e3,
  万: 1e4,
  十万: 1e5,
  百万: 1e6,
  千万: 1e7,
  亿: 1e8,
};

export type AmountReader = (text: string) => Amount[];

interface Reading {
  readonly value: number | undefined;
  readonly name: string;
  readonly start: number;
  readonly length: number;
}

/**
 * Reads sums in the forms that customers use: `85,000 USDT`, `1.2万U`, `3万5块`, `￥3000`, `3k bucks`, `5wu`, `2 BTC`,
 * `五万块`, `港币六万元`, `twelve thousand dollars`, `Rs 2 lakh`; of a range, its end. Where the currency goes without
 * saying (`85k stuck`, `八万五全没了`), USD is read in English and CNY in Chinese. Prices are no sums. The text must be
 * normalised (half width, lower case).
 */
export function createAmountReader(rates: Rates): AmountReader {
  const patterns = createSumPatterns(Object.keys(rates.names));
  const toAmount = (text: string, { value, name, start, length }: Reading): Amount[] => {
    const currency = rates.names[name.toLowerCase()];
    const rate = currency === undefined ? undefined : rates.usdPerUnit[currency];
    if (value === undefined || currency === undefined || rate === undefined || !(value > 0)) return [];
    if (isPrice(text, start)) return [];
    const worth = value * rate * (isBelow(text, start) ? 0.99 : 1);
    return [{ amount: value, currency, amountUsd: Math.round(worth * 100) / 100, start, end: start + length }];
  };
  return (text) => {
    const named = withoutOverlaps([...readNamed(text, patterns)].flatMap((reading) => toAmount(text, reading)));
    const bare = [...readBare(text)].flatMap((reading) => toAmount(text, reading));
    return withoutOverlaps([...named, ...bare.filter((sum) => !named.some((other) => overlaps(sum, other)))]);
  };
}

function* readNamed(text: string, { before, after, spelled }: SumPatterns): Generator<Reading> {
  for (const match of text.matchAll(before)) {
    const { 0: whole, 1: sign, 2: chain, 3: digits = '', 4: unit, 5: han, 6: numeral = '', index } = match;
    const value = han ? parseChinese(numeral) : chain ? parseChinese(chain) : scaled(digits, unit);
    yield { value, name: han ?? sign ?? '', start: index, length: whole.length };
  }
  for (const { 0: whole, 1: chain, 2: digits = '', 3: unit, 4: numeral, 5: name = '', index } of text.matchAll(after)) {
    const chinese = chain ?? numeral;
    const value = chinese ? parseChinese(chinese) : scaled(digits, unit);
    yield { value, name, start: index, length: whole.length };
  }
  for (const { 0: whole, 1: numeral = '', 2: name = '', index } of text.matchAll(spelled)) {
    yield { value: parseEnglish(numeral), name, start: index, length: whole.length };
  }
}

/** Sums whose currency goes without saying. */
function* readBare(text: string): Generator<Reading> {
  for (const { 0: whole, 1: first, 2: second, 3: round, index } of text.matchAll(BARE_ENGLISH)) {
    const sum = first ?? second ?? '';
    const name = /lakh|lac|crore/u.test(sum) ? 'inr' : 'usd';
    yield {
      value: round === undefined ? readEnglish(sum) : parseDigits(round),
      name,
      start: index,
      length: whole.length,
    };
  }
  for (const { 0: whole, 1: first, 2: second, 3: round, index } of text.matchAll(BARE_CHINESE)) {
    const sum = (first ?? second ?? '').replace(/\s/gu, '').replace(/w/giu, '万');
    yield {
      value: round === undefined ? parseChinese(sum) : parseDigits(round),
      name: 'cny',
      start: index,
      length: whole.length,
    };
  }
  for (const { 0: whole, 1: places = '', index } of text.matchAll(FIGURES_ENGLISH)) {
    yield {
      value: 10 ** ((parseEnglish(places) ?? parseDigits(places) ?? 1) - 1),
      name: 'usd',
      start: index,
      length: whole.length,
    };
  }
  for (const { 0: whole, 1: places = '', 2: unit = '', index } of text.matchAll(FIGURES_CHINESE)) {
    const name = /[u刀美]/u.test(unit) ? 'usd' : 'cny';
    yield {
      value: 10 ** ((parseChinese(places) ?? parseDigits(places) ?? 1) - 1),
      name,
      start: index,
      length: whole.length,
    };
  }
}

function readEnglish(sum: string): number | undefined {
  const { 1: digits = '', 2: unit = '' } = /^([\d.,]+)\s?([a-z]+)$/iu.exec(sum) ?? [];
  return digits === '' ? parseEnglish(sum) : scaled(digits, unit);
}

function scaled(digits: string, scale = ''): number | undefined {
  const value = parseDigits(digits);
  return value === undefined ? undefined : value * (SCALES[scale.toLowerCase()] ?? 1);
}

function overlaps(left: Span, right: Span): boolean {
  return left.start < right.end && right.start < left.end;
}

function withoutOverlaps(amounts: readonly Amount[]): Amount[] {
  const sorted = [...amounts].sort((left, right) => left.start - right.start || right.end - left.end);
  const kept: Amount[] = [];
  for (const amount of sorted) {
    if (amount.start >= (kept.at(-1)?.end ?? 0)) kept.push(amount);
  }
  return kept;
}
