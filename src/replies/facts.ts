import type { Span } from '../text/tracked.ts';
import type { Amount, AmountReader } from '../triage/amounts.ts';
import { type Document, locate, quoteOf } from '../triage/document.ts';
import type { Fact, FactKind } from './draft.ts';

/** A message that names more is better read than summed up. */
const MAX_OF: Readonly<Record<FactKind, number>> = { reference: 2, amount: 3, time: 2, area: 0 };
const MAX_LENGTH: Readonly<Record<FactKind, number>> = { reference: 70, amount: 40, time: 40, area: 40 };
/** The day on which they write says nothing that the date of the message does not. */
const VAGUE = /^(?:今天|今晚|tonight)$/u;
/** What a number of an order or a ticket is called, and the number itself: letters, digits and dashes, one digit at least; hashes of transfers. */
const REFERENCE =
  /(?:(?:order|ticket|case|ref(?:erence)?|withdrawal|deposit|transaction|request|position|trade)(?: (?:id|no\.?|number))?|订单号?|单号|编号|工单号?|流水号?|提现单号|支付单号|仓位号|请求id)\s*(?:is|是|为)?\s*[:#：.]?\s*(?<code>(?=[a-z\d-]*\d)[a-z\d](?:[a-z\d-]{2,30}[a-z\d]))(?![a-z\d])|(?<![a-z\d-])(?<bare>[a-z]{1,4}-?\d{6,20}(?:-\d{2,6})?|[a-z]{2,4}-\d{4,12}|(?:0x)?[\da-f]{64})(?![a-z\d-])/gu;
/** Moments and spans of time, as they are written; no free words among them. */
const TIMES = [
  /(?<!\d)(?:20\d\d年)?(?:1[0-2]|0?[1-9])月(?:[12]\d|3[01]|0?[1-9])[日号](?:[凌早上中下晚]?[晨上午间]?(?:\d{1,2}[:点]\d{0,2}分?)?)/gu,
  /(?:今天|昨天|前天|昨晚|今晚|今早|今晨|上周[一二三四五六日天]?|本周[一二三四五六日天]?)(?:凌晨|早上|上午|中午|下午|晚上)?(?:[一二三四五六七八九十]{1,3}点[多半]?|\d{1,2}[点:]\d{0,2}分?)?/gu,
  /(?<![\da-z.])20\d\d[-/](?:1[0-2]|0?[1-9])[-/](?:[12]\d|3[01]|0?[1-9])(?!\d)/gu,
  /\b(?:(?:[12]?\d|3[01])(?:st|nd|rd|th)? (?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)|(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?) (?:[12]?\d|3[01])(?:st|nd|rd|th)?)\b/gu,
  /\b(?:yesterday|this morning|last night|tonight|last (?:week|monday|tuesday|wednesday|thursday|friday|saturday|sunday))\b/gu,
  /\b\d{1,3} (?:minutes?|mins?|hours?|hrs?|days?|weeks?) ago\b/gu,
  /(?<!\d)\d{1,3} ?(?:分钟|个?小时|天|个?星期|周)前/gu,
  /(?<![\d:])(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?: ?[ap]m)?(?![\d:])/gu,
];

/** What a mail quotes of an earlier one: marked lines, the line that announces them, and all below a forwarded head. */
const QUOTED =
  /^[ \t]*>.*$|^on .{5,120}\bwrote:[ \t]*$|^.{0,60}(?:写道|wrote):[ \t]*$|^-{2,}[ \t]*(?:原始邮件|转发邮件|original message|forwarded message)[\s\S]*/gmu;

/** Sums, times and references that a message names, in the order in which they stand there. */
export function readFacts(document: Document, readAmounts: AmountReader): Fact[] {
  const { text } = document.normal;
  const amounts = readAmounts(text).filter((amount) => isNamed(text, amount));
  const references = [...text.matchAll(REFERENCE)].flatMap(({ groups, index, 0: whole }) => {
    const code = groups?.code ?? groups?.bare;
    if (code === undefined) return [];
    const start = index + whole.lastIndexOf(code);
    return [{ start, end: start + code.length }];
  });
  const times = TIMES.flatMap((pattern) =>
    [...text.matchAll(pattern)].map(({ index, 0: whole }) => ({ start: index, end: index + whole.trimEnd().length })),
  );
  const taken: Span[] = [];
  const named = take(document, 'reference', references, taken);
  // Sums and times of what they were sent are not theirs; a reference is, whoever names it.
  taken.push(...[...text.matchAll(QUOTED)].map(({ index, 0: whole }) => ({ start: index, end: index + whole.length })));
  return [
    ...named,
    ...take(document, 'amount', amounts, taken),
    ...take(
      document,
      'time',
      joinNeighbours(times).filter(({ start, end }) => !VAGUE.test(text.slice(start, end))),
      taken,
    ),
  ];
}

/** A sum with its currency and a figure: "二元期权" is no money, and of a bare number nobody should be told that it is. */
function isNamed(text: string, { start, end }: Amount): boolean {
  const sum = text.slice(start, end);
  return /\d/u.test(sum)
    ? /[^\d\s.,kmw万千百亿]/u.test(sum)
    : /[万千百十].*\p{L}/u.test(sum) && /[块元刀币u]$/u.test(sum);
}

function take(document: Document, kind: FactKind, spans: readonly Span[], taken: Span[]): Fact[] {
  const facts: Fact[] = [];
  for (const span of [...spans].sort((left, right) => left.start - right.start)) {
    if (facts.length === MAX_OF[kind] || taken.some((other) => span.start < other.end && other.start < span.end))
      continue;
    const text = quoteOf(document, span).trim();
    if (
      text === '' ||
      text.length > MAX_LENGTH[kind] ||
      /[[\]\n]/u.test(text) ||
      facts.some((fact) => fact.text === text)
    )
      continue;
    taken.push(span);
    facts.push({ kind, text, ...locate(document, span) });
  }
  return facts;
}

/** "昨天" and "14:30" beside each other are one time. */
function joinNeighbours(spans: readonly Span[]): Span[] {
  const joined: { start: number; end: number }[] = [];
  for (const span of [...spans].sort((left, right) => left.start - right.start || right.end - left.end)) {
    const last = joined.at(-1);
    if (last !== undefined && span.start <= last.end + 1) last.end = Math.max(last.end, span.end);
    else joined.push({ ...span });
  }
  return joined;
}
