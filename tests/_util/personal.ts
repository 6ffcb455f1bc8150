import { createHash } from 'node:crypto';
import { base58check, bech32 } from '@scure/base';
import fc from 'fast-check';

const digits = (length: number) =>
  fc.array(fc.nat(9), { minLength: length, maxLength: length }).map((list) => list.join(''));
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const base58 = base58check((data: Uint8Array) => new Uint8Array(createHash('sha256').update(data).digest()));

/** The digit that makes `number` pass Luhn's check when it is put behind it. */
function luhnDigit(number: string): number {
  const sum = [...number].reverse().reduce((total, sign, index) => {
    const doubled = index % 2 === 0 ? Number(sign) * 2 : Number(sign);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return (10 - (sum % 10)) % 10;
}

const card = (prefix: string, length: number) =>
  digits(length - prefix.length - 1).map((rest) => `${prefix}${rest}${luhnDigit(prefix + rest)}`);

/** Valid card numbers without spaces: Visa, Mastercard, Amex, Discover, UnionPay of 16 and 19. */
export const cardNumber = fc.oneof(
  card('4', 16),
  card('53', 16),
  card('37', 15),
  card('6011', 16),
  card('62', 16),
  card('62', 19),
);

/** Numbers shaped like cards whose last digit is wrong. */
export const wrongCardNumber = fc
  .tuple(cardNumber, fc.integer({ min: 1, max: 9 }))
  .map(([number, shift]) => `${number.slice(0, -1)}${(Number(number.at(-1)) + shift) % 10}`);

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/** Resident identity numbers with a right check digit (GB 11643-1999). */
export const idCardNumber = fc
  .tuple(
    fc.constantFrom('110105', '310115', '440305', '510104', '650102'),
    fc.date({ min: new Date('1930-01-01'), max: new Date('2010-12-31'), noInvalidDate: true }),
    digits(3),
  )
  .map(([region, born, order]) => {
    const body = `${region}${born.toISOString().slice(0, 10).replaceAll('-', '')}${order}`;
    const sum = ID_WEIGHTS.reduce((total, weight, index) => total + weight * Number(body[index]), 0);
    return `${body}${'10X98765432'[sum % 11]}`;
  });

/** Chinese mobile numbers of eleven digits. */
export const mobileNumber = fc
  .tuple(fc.constantFrom('130', '138', '139', '150', '159', '176', '186', '188', '199'), digits(8))
  .map((parts) => parts.join(''));

export const foreignNumber = fc.constantFrom(
  '+1 415 555 2671',
  '+1 (415) 555-2671',
  '+14155552671',
  '+44 20 7946 0958',
  '+44 (0)20 7946 0958',
  '0044 20 7946 0958',
  '+852 9123 4567',
  '+886-912-345-678',
  '+65 8123 4567',
  '+81 90-1234-5678',
  '+971 50 123 4567',
);

const localPart = fc
  .tuple(
    fc.constantFrom('zhang', 'li.wei', 'j.o_smith', 'no-reply', 'A.B'),
    fc.nat(9999),
    fc.constantFrom('', '+forex'),
  )
  .map((parts) => parts.join(''));
export const emailAddress = fc
  .tuple(localPart, fc.constantFrom('qq.com', 'example.co.uk', 'mail.example.org', '163.com', 'Example.IO'))
  .map((parts) => parts.join('@'));

/** Ethereum, TRON, Bitcoin (legacy and bech32) and Litecoin addresses with right checksums. */
export const walletAddress = fc.oneof(
  bytes(20).map((body) => `0x${Buffer.from(body).toString('hex')}`),
  bytes(20).map((body) => base58.encode(Uint8Array.of(0x41, ...body))),
  bytes(20).map((body) => base58.encode(Uint8Array.of(0x05, ...body))),
  bytes(20).map((body) => bech32.encode('bc', [0, ...bech32.toWords(body)])),
  bytes(20).map((body) => bech32.encode('ltc', [0, ...bech32.toWords(body)])),
);

/** The same in full-width signs. */
export function fullWidth(text: string): string {
  return text.replace(/[!-~]/gu, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));
}

/** The sizes of the groups in which a number is written, joined by `separator`; what is left forms the last group. */
export function grouped(number: string, sizes: readonly number[], separator: string): string {
  const groups: string[] = [];
  let at = 0;
  for (const size of sizes) {
    groups.push(number.slice(at, at + size));
    at += size;
  }
  return [...groups, number.slice(at)].filter((group) => group !== '').join(separator);
}

/** German account numbers with right check digits (ISO 13616): 22 places. */
export const ibanNumber = digits(18).map((account) => {
  const rest = [...`${account}131400`].reduce((left, digit) => (left * 10 + Number(digit)) % 97, 0);
  return `DE${String(98 - rest).padStart(2, '0')}${account}`;
});
