import { parseChinese, parseDigits } from './numerals.js';
const DIGITS = String.raw `\d+(?:[.,]\d+)*`;
/** `3万5千`, `1万2`: figures and Chinese scales in turns. */
const CHAIN = String.raw `(?:\d+(?:\.\d+)?[百千万亿]){1,3}\d(?![\d.,])|(?:\d+(?:\.\d+)?[百千万亿]){2,4}`;
const CHINESE_DIGITS = '零一二两三四五六七八九十百千万亿半几';
const MORE = '[多余+]?';
const CODES = '(?<![a-z])(?:usd|usdt|cny|rmb|eur|gbp|hkd)';
const SCALES = {
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
/**
 * Reads sums in the forms that customers use: `85,000 USDT`, `1.2万U`, `3万5块`, `￥3000`, `3k bucks`, `5wu`, `2 BTC`,
 * `五万块`; of a range, its end. A number without a currency is not a sum. The text must be normalised (half width,
 * lower case).
 */
export function createAmountReader(rates) {
    const names = Object.keys(rates.names).sort((left, right) => right.length - left.length);
    const symbols = names
        .filter((name) => /[^\p{L}\p{N}]/u.test(name))
        .map((name) => (/^[a-z]/u.test(name) ? `(?<![a-z])${escapeRegExp(name)}` : escapeRegExp(name)))
        .join('|');
    const words = names.map((name) => (/^[a-z]+$/u.test(name) ? `${name}(?![a-z])` : escapeRegExp(name))).join('|');
    const scale = `(?:百万|千万|十万|[百千万亿]|(?:k|w|mil|million|m|thousand|grand)(?![a-z])|[kw](?=${words}))`;
    const number = String.raw `(?:(${CHAIN})|(${DIGITS})${MORE}\s?(${scale})?)${MORE}`;
    const han = `[${CHINESE_DIGITS}][${CHINESE_DIGITS}多余]{0,11}`;
    const after = new RegExp(String.raw `(?<![a-z\d.,#_百千万亿]|[a-z\d]-)(?:(?:\d+[-~到至])?${number}|(?<![${CHINESE_DIGITS}])(${han}))\s?(?:个|枚)?\s?(${words})`, 'giu');
    const before = new RegExp(String.raw `(${symbols}|${CODES})\s?${number}`, 'giu');
    const toAmount = (value, name, start, length) => {
        const currency = rates.names[name.toLowerCase()];
        const rate = currency === undefined ? undefined : rates.usdPerUnit[currency];
        if (value === undefined || currency === undefined || rate === undefined || !(value > 0))
            return [];
        return [{ amount: value, currency, amountUsd: Math.round(value * rate * 100) / 100, start, end: start + length }];
    };
    return (text) => {
        const found = [];
        for (const { 0: whole, 1: name = '', 2: chain, 3: digits = '', 4: unit, index } of text.matchAll(before)) {
            found.push(...toAmount(chain ? parseChinese(chain) : scaled(digits, unit), name, index, whole.length));
        }
        for (const { 0: whole, 1: chain, 2: digits = '', 3: unit, 4: numeral, 5: name = '', index } of text.matchAll(after)) {
            const chinese = chain ?? numeral;
            found.push(...toAmount(chinese ? parseChinese(chinese) : scaled(digits, unit), name, index, whole.length));
        }
        return withoutOverlaps(found);
    };
}
function scaled(digits, scale = '') {
    const value = parseDigits(digits);
    return value === undefined ? undefined : value * (SCALES[scale.toLowerCase()] ?? 1);
}
function withoutOverlaps(amounts) {
    const sorted = [...amounts].sort((left, right) => left.start - right.start || right.end - left.end);
    const kept = [];
    for (const amount of sorted) {
        if (amount.start >= (kept.at(-1)?.end ?? 0))
            kept.push(amount);
    }
    return kept;
}
function escapeRegExp(text) {
    return text.replace(/[\\^$.*+?()[\]{}|]/gu, '\\$&');
}
//# sourceMappingURL=amounts.js.map