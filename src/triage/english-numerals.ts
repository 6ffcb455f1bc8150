const SMALL = 'a an one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen'
  .concat(' sixteen seventeen eighteen nineteen')
  .split(' ');
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const UNITS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(SMALL.map((word, at) => [word, Math.max(1, at - 1)])),
  ...Object.fromEntries(TENS.map((word, at) => [word, (at + 2) * 10])),
  fourty: 40,
  half: 0.5,
  quarter: 0.25,
  couple: 2,
  few: 3,
  several: 3,
  dozen: 12,
};
const SCALES: Readonly<Record<string, number>> = {
  thousand: 1e3,
  thousands: 1e3,
  grand: 1e3,
  lakh: 1e5,
  lakhs: 1e5,
  lac: 1e5,
  million: 1e6,
  millions: 1e6,
  mil: 1e6,
  crore: 1e7,
  crores: 1e7,
};
const PLURALS: Readonly<Record<string, number>> = { tens: 20, dozens: 24, hundreds: 200 };
const WORDS = [...Object.keys(UNITS), ...Object.keys(SCALES), ...Object.keys(PLURALS), 'hundred']
  .sort((left, right) => right.length - left.length)
  .join('|');

/** Number words in a row, such as `twenty-five thousand` or `half a million`; at most eight of them. */
export const ENGLISH_NUMERAL = String.raw`(?:${WORDS})(?:(?:\s|-|\sand\s|\sof\s)(?:${WORDS})){0,7}`;

/** `twelve thousand five hundred`, `half a million`, `a couple of thousand` (2), `tens of thousands` (2 tens). */
export function parseEnglish(numeral: string): number | undefined {
  let total = 0;
  let part: number | undefined;
  for (const word of numeral.toLowerCase().split(/[\s-]+/u)) {
    const scale = SCALES[word];
    if (scale !== undefined) {
      total += (part ?? 1) * scale;
      part = undefined;
    } else if (word === 'hundred') {
      part = (part ?? 1) * 100;
    } else {
      part = addUnit(part, word);
    }
  }
  const value = total + (part ?? 0);
  return value > 0 ? value : undefined;
}

/** `half a`, `quarter of a` and `a couple of` are one number each; `twenty five` is a sum. */
function addUnit(part: number | undefined, word: string): number | undefined {
  const value = UNITS[word] ?? PLURALS[word];
  if (value === undefined) return part;
  const isArticle = word === 'a' || word === 'an';
  if (part !== undefined && isArticle) return part;
  const multiplies = word in PLURALS || ['couple', 'few', 'several', 'dozen', 'half', 'quarter'].includes(word);
  return multiplies ? (part === undefined || part === 1 ? value : part * value) : (part ?? 0) + value;
}
