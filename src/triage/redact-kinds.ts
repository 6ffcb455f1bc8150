import {
  hasIdCheckDigit,
  hasLuhnDigit,
  isCardNumber,
  isIban,
  isInternational,
  isNationalNumber,
  isNorthAmerican,
  isSomebodysNumber,
  isWalletAddress,
} from './redact-checks.ts';

export const REDACTION_KINDS = ['email', 'card', 'id_card', 'phone', 'wallet', 'iban', 'passport'] as const;
export type RedactionKind = (typeof REDACTION_KINDS)[number];

/** One way in which personal data is written. Patterns read normalised text, and never over the end of a line. */
export interface Detector {
  readonly kind: RedactionKind;
  readonly pattern: RegExp;
  /** `found` is in the customer's own capitals; `before` and `after` are normalised. */
  isValid(found: string, before: string, after: string): boolean;
}

/**
 * Words before a number, on its line, which say that it is a reference and not personal data. `id` and `uid` are not
 * among them: a mobile number is what many customers have as their name.
 */
const REFERENCE_BEFORE =
  /(?:(?<![a-z])(?:order|ticket|txid|hash|tx|ref(?:erence)?)|订单|单号|编号|工单|流水号?|哈希|#)[ ]*(?:号|id|no\.?|number)?[ ]*(?:is|是|为)?[ ]*[:#.]?[ ]*$/u;
const PHONE_WORD = `(?:(?<![a-z])(?:phone|mobile|tel|telephone|cell|whatsapp|landline|fax|my number|contact number|(?:call|text|reach|contact|ring|dial)(?: me| us)?(?: back)?(?: at| on)?)|电话|手机|手机号码?|联系方式|致电|座机|固话|回电|拨打|answering(?: me)?(?: at| on)?|messages? to|sms to|registered(?: number)?|(?:desk|office|main|home|work|direct)(?=:))`;
const PHONE_BEFORE = new RegExp(
  String.raw`${PHONE_WORD}\s*(?:号|号码|no\.?|number)?\s*(?:is|是|为|at|on)?\s*[:：]?\s*$`,
  'u',
);
/** A word of telephones, and up to four words or so until the number. */
const PHONE_NEAR = new RegExp(String.raw`${PHONE_WORD}[^\d\n.!?;。]{0,24}$`, 'u');
/** As signatures have it: `655 437 108 office`. */
const PHONE_AFTER = /^ ?[-(]? ?(?:office|fax|mobile|cell|main|desk|home|work)(?![a-z])/u;
const CARD_BEFORE = /(?:card|visa|mastercard|(?<![a-z])cc|卡号?)[^\d\n]{0,12}$/u;
const PASSPORT_BEFORE = /(?:passport|护照)[ ]*(?:no\.?|number|num|号码?|id)?[ ]*(?:is|是|为)?[ ]*[:#]?[ ]*$/u;
/** Not inside a word, a code such as `ab-123`, or the decimals of `0.123`. A comma before it may be the sentence's. */
const BEFORE = String.raw`(?<![\da-z_#+]|[\da-z]-|(?<!\d)0\.)`;
const AFTER = String.raw`(?!\d|[.-]\d)`;
/** A profit: `+3788000.00`. */
const SIGNED_SUM = /^\+\d+\.\d\d?$/u;
const DASH = String.raw`\-\u2010\u2013`;
/** RFC 5321 limits: local part 64, domain labels 63. Bounded, so that a long run of letters stays linear. */
const LOCAL = String.raw`(?<![\w.+-])[\w.+-]{1,64}`;
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';

export const DETECTORS: readonly Detector[] = [
  {
    kind: 'email',
    pattern: new RegExp(String.raw`${LOCAL}[ ]?@[ ]?(?:${LABEL}[.。]){1,8}[a-z]{2,24}(?![\w-])`, 'gu'),
    // "buy @ market.now": with blanks around the sign it is an address only where neither side is a number.
    isValid: (found) => !/ @|@ /u.test(found) || /[a-z]{2,}\w* ?@ ?\w/iu.test(found),
  },
  {
    kind: 'email', // name [at] example [dot] com, name at example dot com
    pattern: new RegExp(
      String.raw`${LOCAL}[ ]?(?:[[({<][ ]?(?:at|艾特)[ ]?[\])}>]|艾特| at )[ ]?${LABEL}(?:(?:[ ]?[[({<][ ]?(?:dot|点)[ ]?[\])}>][ ]?| dot |点|\.)${LABEL}){0,3}(?:[ ]?[[({<][ ]?(?:dot|点)[ ]?[\])}>][ ]?| dot |点|\.)[a-z]{2,24}(?![\w-])`,
      'gu',
    ),
    isValid: (found) => !/ at /iu.test(found) || / dot |点|[[({<] ?dot/iu.test(found),
  },
  {
    kind: 'id_card',
    pattern:
      /(?<![\da-z])[1-9]\d{5}[ -]?(?:18|19|20)\d{2}[ -]?(?:0[1-9]|1[0-2])[ -]?(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}[\dx](?![\da-z])/gu,
    isValid: (found) => hasIdCheckDigit(found.replace(/[ -]/gu, '')),
  },
  {
    kind: 'iban',
    pattern: /(?<![\da-z])[a-z]{2}\d{2}(?:[ ]?[a-z\d]{4}){2,7}(?:[ ]?[a-z\d]{1,3})?(?![\da-z])/gu,
    isValid: (found) => isIban(found),
  },
  {
    kind: 'card',
    pattern: new RegExp(String.raw`${BEFORE}\d{4}(?:[ .${DASH}]?\d){9,15}${AFTER}(?![a-z])`, 'gu'),
    isValid: (found, before) => isCardNumber(found) && (CARD_BEFORE.test(before) || !REFERENCE_BEFORE.test(before)),
  },
  {
    kind: 'card', // Maestro of twelve digits, as long as many another number: only where the word says so
    pattern: new RegExp(String.raw`${BEFORE}(?:5[0678]|6\d)\d{10}${AFTER}(?![a-z])`, 'gu'),
    isValid: (found, before) => CARD_BEFORE.test(before) && hasLuhnDigit(found),
  },
  {
    kind: 'phone',
    pattern: new RegExp(
      String.raw`${BEFORE}(?:\+|(?<!\d )00)\d{1,3}[ ().${DASH}]{0,2}\d(?:[ ().${DASH}]{0,2}\d){5,12}(?!\d)`,
      'gu',
    ),
    isValid: (found, before) =>
      !SIGNED_SUM.test(found) &&
      isInternational(found.replace(/^00/u, '+').replace('(0)', '')) &&
      (found.startsWith('+') || !REFERENCE_BEFORE.test(before)),
  },
  {
    kind: 'phone',
    pattern: new RegExp(
      String.raw`${BEFORE}(?:86[ ${DASH}]?|\(86\)[ ]?)?1[3-9]\d[ ${DASH}]?\d{4}[ ${DASH}]?\d{4}${AFTER}(?![a-z])`,
      'gu',
    ),
    isValid: (_found, before) => !REFERENCE_BEFORE.test(before),
  },
  {
    kind: 'phone', // (415) 555-2671, 415-555-2671, 1-800-555-0199
    pattern: new RegExp(
      String.raw`${BEFORE}(?:1[ .${DASH}])?(?:\([2-9]\d{2}\)[ ]?|[2-9]\d{2}[.${DASH}])\d{3}[ .${DASH}]\d{4}(?![\d-])(?!\.\d)`,
      'gu',
    ),
    isValid: (found, before) => isNorthAmerican(found) && !REFERENCE_BEFORE.test(before),
  },
  {
    kind: 'phone', // 010-62345678, (0755) 8888 8888, 07700 900 123, 0912-345-678
    pattern: new RegExp(
      String.raw`(?<!\d[:/.])${BEFORE}\(?0\d{1,4}\)?(?:[ ${DASH}]{1,2}\d{2,8}){1,4}(?!\d|\.\d)`,
      'gu',
    ),
    isValid: (found, before) => isNationalNumber(found) && !REFERENCE_BEFORE.test(before),
  },
  {
    kind: 'phone',
    pattern: new RegExp(String.raw`${BEFORE}\(?\d{2,4}\)?(?:[ .${DASH}]{0,2}\d){5,8}(?!\d)`, 'gu'),
    isValid: (found, before, after) =>
      PHONE_BEFORE.test(before) ||
      PHONE_AFTER.test(after) ||
      (PHONE_NEAR.test(before) && isSomebodysNumber(found) && !REFERENCE_BEFORE.test(before)),
  },
  {
    kind: 'passport', // two letters at most and six to nine digits: only where the word says what it is
    pattern: /(?<![\da-z])[a-z]{0,2}\d{6,9}[a-z]?(?![\da-z])/gu,
    isValid: (_found, before) => PASSPORT_BEFORE.test(before),
  },
  {
    kind: 'wallet',
    pattern:
      /(?<![\da-z])(?:0x[\da-f]{40}|t[1-9a-z]{33}|[13][1-9a-z]{25,34}|(?:bc1|ltc1)[02-9a-z]{11,71})(?![\da-z])/gu,
    isValid: (found) => isWalletAddress(found),
  },
];
