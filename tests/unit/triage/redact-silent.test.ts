import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from '../../../src/triage/redact.ts';
import { isCardNumber, isIban, isWalletAddress } from '../../../src/triage/redact-checks.ts';
import { cardNumber, grouped, ibanNumber, idCardNumber, walletAddress, wrongCardNumber } from '../../_util/personal.ts';

const hex = (length: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length })
    .map((list) => list.join(''));
const money = fc.double({ min: 0.01, max: 9_999_999, noNaN: true }).map((value) => value.toFixed(2));

describe('what is not personal data stays readable', () => {
  it.each([
    '订单号 202611010000123 还没处理',
    'Order ORD-20261101-000123 is stuck',
    'ticket #4839201, case 10293847',
    'BTC从65,432.10跌到64,321.05，插针到60000',
    'I paid 12,000.50 USDT and 1.234,56 EUR',
    '2026-11-01 12:30:45 and 2026/11/01T12:30:45.123Z',
    'block 19483920, nonce 48293, gas 21000',
    'server 192.168.100.200:8443 v4.12.20 build 20261101',
    '利润 +12000 / -8500.25，收益率+12.5%',
    'profit +4930000.00 and +3788000.50 USDT',
    'error code 500123, HTTP 429, 2fa 839201',
    '0.13812345678 BTC',
    '0.4111111111111111 ETH',
    'uid:8839201 id=99231',
    '价格100-200-300-400',
    '12345678901234567890123456789',
    'user@ and @handle and a@b',
    '微信号 abc_12345',
  ])('%s', (text) => {
    expect(redact(text)).toMatchObject({ redactions: [], masked: { text } });
  });

  it('transaction hashes', () => {
    const template = fc.constantFrom('txid 0x', '哈希：0x', 'hash 0x', '0x');
    fc.assert(
      fc.property(template, hex(64), (before, hash) => {
        expect(redact(`${before}${hash}，没到账`).redactions).toEqual([]);
      }),
    );
  });

  it('prices, sums and dates', () => {
    const template = fc.constantFrom('$', '¥', '亏了', 'paid ', 'BTC/USDT @ ', '+', '从');
    fc.assert(
      fc.property(template, money, money, (before, one, other) => {
        expect(redact(`${before}${one} USDT，2026-11-01 10:00 ${other}`).redactions).toEqual([]);
      }),
    );
  });

  it('numbers shaped like cards that fail the check', () => {
    const form = fc.constantFrom('', '-');
    fc.assert(
      fc.property(wrongCardNumber, form, (number, separator) => {
        // Of a longer number in groups, the first sixteen digits might pass.
        const groups = number.length > 16 ? [] : [4, 4, 4];
        const text = `号码 ${grouped(number, groups, separator)} 不对`;
        expect(redact(text).redactions).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('identity numbers', () => {
  it('that fail the check are none', () => {
    fc.assert(
      fc.property(idCardNumber, (number) => {
        const wrong = [...'0123456789X'].filter((digit) => digit !== number.at(-1));
        for (const digit of wrong)
          expect(redact(`证件 ${number.slice(0, -1)}${digit}`).redactions.map(({ kind }) => kind)).not.toContain(
            'id_card',
          );
      }),
    );
  });
});

describe('checks', () => {
  it('a card number passes as a whole, and fails with any one digit changed', () => {
    fc.assert(
      fc.property(cardNumber, fc.nat(18), fc.integer({ min: 1, max: 9 }), (number, at, shift) => {
        const place = at % number.length;
        const changed = `${number.slice(0, place)}${(Number(number[place]) + shift) % 10}${number.slice(place + 1)}`;
        expect(isCardNumber(number)).toBe(true);
        expect(isCardNumber(changed)).toBe(false);
      }),
    );
  });

  it.each([
    ['0000 0000 0000 0000', false],
    ['1111111111111111', false],
    ['4111 1111-1111 1111', false],
    ['41111111 11111111', false],
    ['4111 1111 1111 1111', true],
    ['4111.1111.1111.1111', true],
    ['411111111111', false],
  ])('card %s: %s', (number, valid) => {
    expect(isCardNumber(number)).toBe(valid);
  });

  it('an account number passes, and fails with any one digit changed', () => {
    fc.assert(
      fc.property(ibanNumber, fc.nat(17), fc.integer({ min: 1, max: 9 }), (number, at, shift) => {
        const place = 4 + at;
        const changed = `${number.slice(0, place)}${(Number(number[place]) + shift) % 10}${number.slice(place + 1)}`;
        expect(isIban(number)).toBe(true);
        expect(isIban(changed)).toBe(false);
      }),
    );
  });

  it('a wallet address with one sign changed is none, but for Ethereum, which is known by its form', () => {
    fc.assert(
      fc.property(walletAddress, (address) => {
        const last = address.at(-1) === 'q' ? 'p' : 'q';
        expect(isWalletAddress(address)).toBe(true);
        expect(isWalletAddress(`${address.slice(0, -1)}${last}`)).toBe(address.startsWith('0x'));
      }),
    );
  });
});
