const DIGITS: Readonly<Record<string, number>> = {
  零: 0,
  半: 0.5,
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
/** The figures of cheques and formal letters. */
const FORMAL: Readonly<Record<string, string>> = {
  壹: '一',
  贰: '二',
  叁: '三',
  肆: '四',
  伍: '五',
  陆: '六',
  柒: '七',
  捌: '八',
  玖: '九',
  拾: '十',
  佰: '百',
  仟: '千',
};
const STEPS = [
  ['亿', 1e8],
  ['万', 1e4],
  ['千', 1e3],
  ['百', 1e2],
  ['十', 10],
] as const;

/** `12,000.50`, `12.000,50` and `12000`: the last sign with one or two digits behind it is the decimal one. */
export function parseDigits(digits: string): number | undefined {
  const separator = /[.,](?=\d+$)/u.exec(digits)?.[0];
  const fraction = /[.,](\d+)$/u.exec(digits)?.[1];
  let plain = digits.replace(/[.,]/gu, '');
  const single = separator !== undefined && digits.split(separator).length === 2;
  const decimal = fraction !== undefined && (fraction.length !== 3 || (separator === '.' && single));
  if (decimal && fraction !== undefined) plain = `${plain.slice(0, -fraction.length)}.${fraction}`;
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}

/**
 * `五万`, `三千五百`, `十二万`, `一百多万`, `3万5千`, `贰拾叁万`; `几万` counts as three of them, `半` as a half. Undefined where
 * it is nothing.
 */
export function parseChinese(numeral: string): number | undefined {
  const plain = numeral.replace(/[壹贰叁肆伍陆柒捌玖拾佰仟]/gu, (sign) => FORMAL[sign] ?? sign);
  const value = read(plain.replace(/[多余来]/gu, ''));
  return value > 0 ? value : undefined;
}

function read(numeral: string): number {
  for (const [sign, scale] of STEPS) {
    const at = numeral.lastIndexOf(sign);
    if (at < 0) continue;
    const left = at === 0 ? 1 : read(numeral.slice(0, at));
    const right = numeral.slice(at + 1);
    // People say 两千五 for 2500; 2005 is 两千零五.
    return left * scale + read(right) * (/^[\d一二三四五六七八九几]$/u.test(right) ? scale / 10 : 1);
  }
  if (/^\d/u.test(numeral)) return Number(numeral);
  return DIGITS[numeral.at(-1) ?? '零'] ?? 0;
}
