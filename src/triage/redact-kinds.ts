import { createHash } from 'node:crypto';
import { base58check, bech32, bech32m } from '@scure/base';
import { isValidPhoneNumber } from 'libphonenumber-js';

export const REDACTION_KINDS = ['email', 'card', 'id_card', 'phone', 'wallet'] as const;
export type RedactionKind = (typeof REDACTION_KINDS)[number];

/** One way in which personal data is written. Patterns read normalised text; `isValid` sees the original spelling. */
export interface Detector {
  readonly kind: RedactionKind;
  readonly pattern: RegExp;
  isValid(found: string, before: string): boolean;
}

/** Words before a number which say that it is a reference and not personal data. */
const REFERENCE_BEFORE =
  /(?:order|ticket|case|txid|hash|tx|ref(?:erence)?|uid|id|no|number|订单|单号|编号|工单|流水号?|哈希|#)\s*(?:号|id|no\.?|number)?\s*(?:is|是|为)?\s*[:#.]?\s*$/u;
const PHONE_BEFORE =
  /(?:phone|mobile|tel|telephone|cell|whatsapp|call(?: me)?(?: back)?(?: at| on)?|电话|手机|手机号码?|联系方式|致电)\s*(?:号|号码|no\.?|number)?\s*(?:is|是|为|at|on)?\s*[:：]?\s*$/u;
const CARD_GROUPS = /^\d{4}([ -]?)\d{4}\1\d{4}\1\d{1,7}$|^\d{4}([ -]?)\d{6}\2\d{5}$|^\d{13,19}$/u;
/** Issuer ranges (ISO/IEC 7812): Visa, Mastercard, Amex, Discover, JCB, Diners, UnionPay, Maestro, Mir. */
const ISSUER = /^(?:4|5[0-8]|2[2-7]|3[0-9]|6[0-9]|8[1])/u;
/** Weights and check digits of the resident identity number, GB 11643-1999. */
const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const ID_CHECK = '10X98765432';

export const DETECTORS: readonly Detector[] = [
  {
    kind: 'email',
    // RFC 5321 limits: local part 64, domain labels 63. Bounded, so that a long run of letters stays linear.
    pattern: /(?<![\w.+-])[\w.+-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}(?![\w-])/gu,
    isValid: () => true,
  },
  {
    kind: 'id_card',
    pattern: /(?<![\da-z])[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dx](?![\da-z])/gu,
    isValid: (found) => hasIdCheckDigit(found),
  },
  {
    kind: 'card',
    pattern: /(?<![\d.,a-z_-])\d{4}(?:[ -]?\d){9,15}(?![\d-]|[.,]\d)/gu,
    isValid: (found) => isCardNumber(found),
  },
  {
    kind: 'phone',
    pattern: /(?<![\d.,a-z_#+-])(?:\+|00)\d{1,3}[\s().-]{0,2}\d(?:[\s().-]{0,2}\d){5,12}(?![\d])/gu,
    isValid: (found) => isValidPhoneNumber(found.replace(/^00/u, '+')),
  },
  {
    kind: 'phone',
    pattern: /(?<![\d.,a-z_#+-])(?:86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?![\d.,-]\d|\d|[a-z])/gu,
    isValid: (_found, before) => !REFERENCE_BEFORE.test(before),
  },
  {
    kind: 'phone',
    pattern: /(?<![\d.,a-z_#+-])\(?\d{2,4}\)?(?:[\s.-]?\d){5,11}(?!\d)/gu,
    isValid: (_found, before) => PHONE_BEFORE.test(before),
  },
  {
    kind: 'wallet',
    pattern:
      /(?<![\da-z])(?:0x[\da-f]{40}|t[1-9a-z]{33}|[13][1-9a-z]{25,34}|(?:bc1|ltc1)[02-9a-z]{11,71})(?![\da-z])/gu,
    isValid: (found) => isWalletAddress(found),
  },
];

/** Luhn's check (ISO/IEC 7812-1) on a number grouped as cards are. */
export function isCardNumber(found: string): boolean {
  if (!CARD_GROUPS.test(found)) return false;
  const digits = found.replace(/\D/gu, '');
  if (!ISSUER.test(digits) || /^(\d)\1+$/u.test(digits)) return false;
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

function hasIdCheckDigit(found: string): boolean {
  const sum = ID_WEIGHTS.reduce((total, weight, index) => total + weight * Number(found[index]), 0);
  return ID_CHECK[sum % 11] === found[17]?.toUpperCase();
}

/** Ethereum by form, TRON and Bitcoin by their checksums (base58check, BIP 173, BIP 350). */
export function isWalletAddress(address: string): boolean {
  if (/^0x/iu.test(address)) return true;
  if (/^(?:bc1|ltc1)/iu.test(address)) return isBech32(address.toLowerCase());
  try {
    return base58check(sha256).decode(address).length === 21;
  } catch {
    return false; // not an address: a wrong checksum is how the decoder says no
  }
}

function isBech32(address: string): boolean {
  return (
    bech32.decodeUnsafe(address as `${string}1${string}`, 90) !== undefined ||
    bech32m.decodeUnsafe(address as `${string}1${string}`, 90) !== undefined
  );
}

function sha256(data: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(data).digest());
}
