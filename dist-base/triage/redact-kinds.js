import { createHash } from 'node:crypto';
import { base58check, bech32, bech32m } from '@scure/base';
import { isValidPhoneNumber } from 'libphonenumber-js';
export const REDACTION_KINDS = ['email', 'card', 'id_card', 'phone', 'wallet'];
/** Words before a number, on its line, which say that it is a reference and not personal data. */
const REFERENCE_BEFORE = /(?:(?<![a-z])(?:order|ticket|case|txid|hash|tx|ref(?:erence)?|uid|id)|订单|单号|编号|工单|流水号?|哈希|#)[ ]*(?:号|id|no\.?|number)?[ ]*(?:is|是|为)?[ ]*[:#.]?[ ]*$/u;
const PHONE_BEFORE = /(?:(?<![a-z])(?:phone|mobile|tel|telephone|cell|whatsapp|my number|(?:call|text|reach|contact)(?: me)?(?: back)?(?: at| on)?)|电话|手机|手机号码?|联系方式|致电)\s*(?:号|号码|no\.?|number)?\s*(?:is|是|为|at|on)?\s*[:：]?\s*$/u;
/** Not inside a word, a code such as `ab-123`, or the decimals of `0.123`. A comma before it may be the sentence's. */
const BEFORE = String.raw `(?<![\da-z_#+]|[\da-z]-|(?<!\d)0\.)`;
const AFTER = String.raw `(?!\d|[.-]\d)`;
/** A profit: `+3788000.00`. */
const SIGNED_SUM = /^\+\d+\.\d\d?$/u;
const DASH = String.raw `\-\u2010\u2013`;
/** In fours, Amex and Diners, and UnionPay's 6 and 13. */
const CARD_GROUPS = new RegExp([
    String.raw `^\d{4}([ .${DASH}])\d{4}\1\d{4}\1(?:\d{1,7}|\d{4}\1\d{1,3})$`,
    String.raw `^\d{4}([ .${DASH}])\d{6}\2\d{4,5}$`,
    String.raw `^\d{6}[ ${DASH}]\d{10,13}$`,
    String.raw `^\d{13,19}$`,
].join('|'), 'u');
/** Issuers and their lengths (ISO/IEC 7812): Visa, Mastercard, Mir, Amex, Diners, JCB, Maestro, UnionPay, Discover. */
const ISSUER = /^(?:4\d{12}(?:\d{3}){0,2}|5\d{15}|2[2-7]\d{14}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|35\d{14}|6\d{15,18}|81\d{14,17})$/u;
/** Weights and check digits of the resident identity number, GB 11643-1999. */
const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const ID_CHECK = '10X98765432';
export const DETECTORS = [
    {
        kind: 'email',
        // RFC 5321 limits: local part 64, domain labels 63. Bounded, so that a long run of letters stays linear.
        pattern: /(?<![\w.+-])[\w.+-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}(?![\w-])/gu,
        isValid: () => true,
    },
    {
        kind: 'id_card',
        pattern: /(?<![\da-z])[1-9]\d{5}[ -]?(?:18|19|20)\d{2}[ -]?(?:0[1-9]|1[0-2])[ -]?(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}[\dx](?![\da-z])/gu,
        isValid: (found) => hasIdCheckDigit(found.replace(/[ -]/gu, '')),
    },
    {
        kind: 'card',
        pattern: new RegExp(String.raw `${BEFORE}\d{4}(?:[ .${DASH}]?\d){9,15}${AFTER}(?![a-z])`, 'gu'),
        isValid: (found) => isCardNumber(found),
    },
    {
        kind: 'phone',
        pattern: new RegExp(String.raw `${BEFORE}(?:\+|(?<!\d )00)\d{1,3}[ ().${DASH}]{0,2}\d(?:[ ().${DASH}]{0,2}\d){5,12}(?!\d)`, 'gu'),
        isValid: (found, before) => !SIGNED_SUM.test(found) &&
            isValidPhoneNumber(found.replace(/^00/u, '+').replace('(0)', '')) &&
            (found.startsWith('+') || !REFERENCE_BEFORE.test(before)),
    },
    {
        kind: 'phone',
        pattern: new RegExp(String.raw `${BEFORE}(?:86[ ${DASH}]?)?1[3-9]\d[ ${DASH}]?\d{4}[ ${DASH}]?\d{4}${AFTER}(?![a-z])`, 'gu'),
        isValid: (_found, before) => !REFERENCE_BEFORE.test(before),
    },
    {
        kind: 'phone',
        pattern: new RegExp(String.raw `${BEFORE}\(?\d{2,4}\)?(?:[ .${DASH}]?\d){5,8}(?!\d)`, 'gu'),
        isValid: (_found, before) => PHONE_BEFORE.test(before),
    },
    {
        kind: 'wallet',
        pattern: /(?<![\da-z])(?:0x[\da-f]{40}|t[1-9a-z]{33}|[13][1-9a-z]{25,34}|(?:bc1|ltc1)[02-9a-z]{11,71})(?![\da-z])/gu,
        isValid: (found) => isWalletAddress(found),
    },
];
/** Luhn's check (ISO/IEC 7812-1) on a number grouped as cards are. */
export function isCardNumber(found) {
    if (!CARD_GROUPS.test(found))
        return false;
    const digits = found.replace(/\D/gu, '');
    if (!ISSUER.test(digits) || /^(\d)\1+$/u.test(digits))
        return false;
    let sum = 0;
    for (let index = 0; index < digits.length; index++) {
        const digit = Number(digits[digits.length - 1 - index]);
        const doubled = index % 2 === 1 ? digit * 2 : digit;
        sum += doubled > 9 ? doubled - 9 : doubled;
    }
    return sum % 10 === 0;
}
function hasIdCheckDigit(found) {
    const sum = ID_WEIGHTS.reduce((total, weight, index) => total + weight * Number(found[index]), 0);
    return ID_CHECK[sum % 11] === found[17]?.toUpperCase();
}
/** Ethereum by form, TRON and Bitcoin by their checksums (base58check, BIP 173, BIP 350). */
export function isWalletAddress(address) {
    if (/^0x/iu.test(address))
        return true;
    if (/^(?:bc1|ltc1)/iu.test(address))
        return isBech32(address.toLowerCase());
    try {
        return base58check(sha256).decode(address).length === 21;
    }
    catch {
        return false; // not an address: a wrong checksum is how the decoder says no
    }
}
function isBech32(address) {
    return (bech32.decodeUnsafe(address, 90) !== undefined ||
        bech32m.decodeUnsafe(address, 90) !== undefined);
}
function sha256(data) {
    return new Uint8Array(createHash('sha256').update(data).digest());
}
//# sourceMappingURL=redact-kinds.js.map