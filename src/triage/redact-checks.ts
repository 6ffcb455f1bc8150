import { createHash } from 'node:crypto';
import { base58check, bech32, bech32m } from '@scure/base';
import { type CountryCode, isPossiblePhoneNumber, isValidPhoneNumber } from 'libphonenumber-js';

/** In fours, Amex and Diners, and UnionPay's 6 and 13. */
const CARD_GROUPS = new RegExp(
  [
    String.raw`^\d{4}([ .\-\u2010\u2013])\d{4}\1\d{4}\1(?:\d{1,7}|\d{4}\1\d{1,3})$`,
    String.raw`^\d{4}([ .\-\u2010\u2013])\d{6}\2\d{4,5}$`,
    String.raw`^\d{6}[ \-\u2010\u2013]\d{10,13}$`,
    String.raw`^\d{13,19}$`,
  ].join('|'),
  'u',
);
/** Issuers and their lengths (ISO/IEC 7812): Visa, Mastercard, Mir, Amex, Diners, JCB, Maestro, UnionPay, Discover. */
const ISSUER =
  /^(?:4\d{12}(?:\d{3}){0,2}|5\d{15}|2[2-7]\d{14}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|35\d{14}|(?:2131|1800)\d{11}|6\d{15,18}|81\d{14,17})$/u;
/** Weights and check digits of the resident identity number, GB 11643-1999. */
const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const ID_CHECK = '10X98765432';
/** Countries whose numbers customers write without their code. */
const TRUNK_ZERO: readonly CountryCode[] = [
  'CN',
  'TW',
  'GB',
  'AU',
  'FR',
  'DE',
  'IT',
  'JP',
  'MY',
  'CH',
  'NL',
  'SE',
  'BE',
];
const NEAR_A_WORD: readonly CountryCode[] = [
  ...TRUNK_ZERO,
  'HK',
  'SG',
  'MO',
  'US',
  'ES',
  'PT',
  'PL',
  'NO',
  'DK',
  'FI',
  'CZ',
];
const LONGER_THAN_SUMS = 11;
/** A day, month and year, which is no telephone number. */
const DATE = /^\d{1,2}[ .-]\d{1,2}[ .-](?:19|20)\d{2}|^(?:19|20)\d{2}[ .-]\d{1,2}[ .-]\d{1,2}(?!\d)/u;

/** Luhn's check (ISO/IEC 7812-1) on a number grouped as cards are. */
export function isCardNumber(found: string): boolean {
  if (!CARD_GROUPS.test(found)) return false;
  const digits = found.replace(/\D/gu, '');
  return ISSUER.test(digits) && !/^(\d)\1+$/u.test(digits) && hasLuhnDigit(digits);
}

/** Luhn's check of a row of digits. */
export function hasLuhnDigit(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** The check digit of a Chinese resident identity number of 18 places. */
export function hasIdCheckDigit(found: string): boolean {
  const sum = ID_WEIGHTS.reduce((total, weight, index) => total + weight * Number(found[index]), 0);
  return ID_CHECK[sum % 11] === found[17]?.toUpperCase();
}

/** Characters of an IBAN by country: the registry of ISO 13616 (SWIFT, release 99). */
const IBAN_LENGTHS = new Map(
  Object.entries({
    15: 'NO',
    16: 'BE',
    18: 'DK FI FK FO GL NL',
    19: 'MK SI',
    20: 'AT BA EE KZ LT LU MN XK',
    21: 'CH CR HR LI LV',
    22: 'BG BH DE GB GE IE ME RS VA',
    23: 'AE GI IL IQ OM SO TL',
    24: 'AD CZ ES MD PK RO SA SE SK TN VG',
    25: 'LY PT ST',
    26: 'IS TR',
    27: 'BI DJ FR GR IT MC MR SM',
    28: 'AL AZ BY CY DO GT HN HU LB NI PL SV',
    29: 'BR EG PS QA UA',
    30: 'JO KW MU YE',
    31: 'MT SC',
    32: 'LC',
    33: 'RU',
  }).flatMap(([length, countries]) => countries.split(' ').map((country) => [country, Number(length)] as const)),
);

/** The remainder by 97 that ISO 13616 asks of an international bank account number; blanks are passed over. */
export function isIban(found: string): boolean {
  const plain = found.replace(/ /gu, '').toUpperCase();
  if (!/^[A-Z]{2}\d{2}[A-Z\d]{11,30}$/u.test(plain)) return false;
  if (plain.length !== IBAN_LENGTHS.get(plain.slice(0, 2))) return false;
  const digits = `${plain.slice(4)}${plain.slice(0, 4)}`.replace(/[A-Z]/gu, (letter) =>
    String(letter.charCodeAt(0) - 55),
  );
  return [...digits].reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0) === 1;
}

/** A number with its country code: in use, or as long as its country's numbers are and too long for a sum. */
export function isInternational(found: string): boolean {
  if (isValidPhoneNumber(found)) return true;
  return found.replace(/\D/gu, '').length >= LONGER_THAN_SUMS && isPossiblePhoneNumber(found);
}

/** A number of North America, written without its code. */
export function isNorthAmerican(found: string): boolean {
  return isValidPhoneNumber(`+1${found.replace(/\D/gu, '').slice(-10)}`);
}

/** A number with its trunk zero, valid in a country of the customers; no date. */
export function isNationalNumber(found: string): boolean {
  const digits = found.replace(/\D/gu, '');
  return digits.length >= 9 && !DATE.test(found) && TRUNK_ZERO.some((country) => isValidPhoneNumber(found, country));
}

/** A number that some country of the customers uses, for where a word such as "phone" stands nearby. */
export function isSomebodysNumber(found: string): boolean {
  return !DATE.test(found) && NEAR_A_WORD.some((country) => isValidPhoneNumber(found, country));
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
