import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from '../../../src/triage/redact.ts';
import {
  cardNumber,
  emailAddress,
  foreignNumber,
  fullWidth,
  grouped,
  ibanNumber,
  idCardNumber,
  mobileNumber,
  walletAddress,
} from '../../_util/personal.ts';
import { anyText } from '../../_util/text.ts';

const AROUND = [
  ['', ''],
  ['我的资料是', '，请尽快处理！'],
  ['请联系我，', '，谢谢'],
  ['资料：', '。2个工作日了'],
  ['（', '）'],
  ['1. ', '\n2 BTC'],
  ['please use ', ' from now on'],
  ['"', '".'],
  ['I gave them ', ', nothing happened'],
  ['mine is ', ' for 500 USDT'],
] as const;
const around = fc.constantFrom(...AROUND);

const spelled = (value: fc.Arbitrary<string>, ...forms: ((text: string) => string)[]) =>
  fc.tuple(value, fc.constantFrom(...forms)).map(([text, form]) => form(text));
const plain = (text: string) => text;
const inFours = (separator: string) => (text: string) => grouped(text, [4, 4, 4, 4], separator);
const inPhoneGroups = (separator: string) => (text: string) => grouped(text, [3, 4], separator);

const cards = spelled(
  cardNumber,
  plain,
  inFours(' '),
  inFours('-'),
  inFours('\u00A0'),
  inFours('.'),
  fullWidth,
  (text) => grouped(text, [6, 6], '\u200B'),
);
const idCards = spelled(
  idCardNumber,
  plain,
  fullWidth,
  (text) => text.toLowerCase(),
  (text) => grouped(text, [6, 8], ' '),
  (text) => grouped(text, [6, 4, 4], '-'),
);
const phones = fc.oneof(
  foreignNumber,
  spelled(
    mobileNumber,
    plain,
    inPhoneGroups(' '),
    inPhoneGroups('-'),
    fullWidth,
    inPhoneGroups('\u200B'),
    (text) => `+86 ${text}`,
    (text) => `+86-${inPhoneGroups(' ')(text)}`,
    (text) => `0086${text}`,
    (text) => `86 ${text}`,
    (text) => text.replace(/\d/gu, '$&\uFE0F\u20E3'),
  ),
);
const emails = spelled(
  emailAddress,
  plain,
  fullWidth,
  (text) => text.toUpperCase(),
  (text) => text.replace('@', '\u200B@'),
);
const wallets = spelled(walletAddress, plain, fullWidth, (text) => grouped(text, [9, 9], '\u200B'));

const ibans = spelled(
  ibanNumber,
  plain,
  fullWidth,
  (text) => text.toLowerCase(),
  (text) => grouped(text, [4, 4, 4, 4, 4], ' '),
);

const KINDS = { iban: ibans, card: cards, id_card: idCards, phone: phones, email: emails, wallet: wallets } as const;

describe('personal data is found in every spelling and masked', () => {
  it.each(Object.entries(KINDS))('%s', (kind, secrets) => {
    fc.assert(
      fc.property(secrets, around, (secret, [before, after]) => {
        const original = `${before}${secret}${after}`;
        const { masked, redactions } = redact(original);
        expect(redactions).toEqual([{ kind, start: before.length, end: before.length + secret.length }]);
        expect(masked.text).toBe(`${before}[${kind.toUpperCase()}]${after}`);
      }),
      { numRuns: 400 },
    );
  });

  it('leaves nothing of many kinds in one message', () => {
    const entry = fc.oneof(...Object.entries(KINDS).map(([kind, secret]) => secret.map((text) => ({ kind, text }))));
    const link = fc.constantFrom('，', '\n', ' and ', '；', ' / ', '、还有');
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 6 }), link, (entries, joint) => {
        const original = entries.map(({ text }) => text).join(joint);
        const { masked, redactions } = redact(original);
        expect(redactions.map(({ start, end }) => original.slice(start, end))).toEqual(entries.map(({ text }) => text));
        expect(redactions.map(({ kind }) => kind)).toEqual(entries.map(({ kind }) => kind));
        expect(masked.text).toBe(entries.map(({ kind }) => `[${kind.toUpperCase()}]`).join(joint));
        expect(redact(masked.text).redactions).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('contexts that decide', () => {
  it.each([
    // national numbers need a word that says so
    ['电话：010-65529988', '电话：[PHONE]'],
    ['call me back at 415-555-2671 before 5', 'call me back at [PHONE] before 5'],
    ['my number is 13812345678', 'my number is [PHONE]'],
    ['手机号码是13812345678', '手机号码是[PHONE]'],
    ['he said 13812345678', 'he said [PHONE]'],
    ['010-65529988', '[PHONE]'],
    // a number that is called a reference is one
    ['订单号：13812345678', '订单号：13812345678'],
    ['order no. 13812345678', 'order no. 13812345678'],
    ['工单编号13812345678', '工单编号13812345678'],
    // many customers are registered under their mobile number
    ['UID 13812345678', 'UID [PHONE]'],
    ['用户id：13812345678', '用户id：[PHONE]'],
    ['case 13812345678', 'case [PHONE]'],
    ['order 4111 1111 1111 1111', 'order 4111 1111 1111 1111'],
    ['my card # 4111 1111 1111 1111', 'my card # [CARD]'],
    // national forms
    ['(415) 555-2671 is mine', '[PHONE] is mine'],
    ['415.555.2671', '[PHONE]'],
    ['ticket no. 415-555-2671', 'ticket no. 415-555-2671'],
    ['公司电话（0755）8888 8888', '公司电话[PHONE]'],
    ['0912-345-678', '[PHONE]'],
    ['香港手机 9123 4567', '香港手机 [PHONE]'],
    ['my phone in Singapore is 8123 4567', 'my phone in Singapore is [PHONE]'],
    ['655 437 108 office', '[PHONE] office'],
    ['10:00 1000000.00', '10:00 1000000.00'],
    ['03-11-2026 1430', '03-11-2026 1430'],
    ['电话打了 40 分钟，第 3 次了', '电话打了 40 分钟，第 3 次了'],
    // addresses that are spelled out
    ['john at example dot com', '[EMAIL]'],
    ['mary [at] example.org', '[EMAIL]'],
    ['邮箱是zhangsan艾特example点com', '邮箱是[EMAIL]'],
    ['j_doe @ example.com', '[EMAIL]'],
    ['login at example.com fails', 'login at example.com fails'],
    ['buy @ 65000.50', 'buy @ 65000.50'],
    // a passport number has no check digit: only the word tells
    ['passport no. K12345678', 'passport no. [PASSPORT]'],
    ['护照号：EA1234567', '护照号：[PASSPORT]'],
    ['护照照片 12345678 像素', '护照照片 12345678 像素'],
    ['ref: 0012345678901', 'ref: 0012345678901'],
    ['my order\n13812345678', 'my order\n[PHONE]'],
    ['Phone:\n415-555-2671', 'Phone:\n[PHONE]'],
    // another number right behind or before
    ['4111 1111 1111 1111 12/27 123', '[CARD] 12/27 123'],
    ['2026 4111 1111 1111 1111', '2026 [CARD]'],
    ['+86 13812345678 50 USDT', '[PHONE] 50 USDT'],
    ['13812345678,13912345678', '[PHONE],[PHONE]'],
    ['+49.30.12345678, danke', '[PHONE], danke'],
    ['3782 822463 10005', '[CARD]'],
    ['6222 0210 0100 1234 563', '[CARD]'],
    ['3056 930902 5904', '[CARD]'],
    // the mask of somebody else
    ['[PHONE] [CARD]', '[PHONE] [CARD]'],
    ['', ''],
  ])('%j becomes %j', (text, expected) => {
    expect(redact(text).masked.text).toBe(expected);
  });

  it('never masks over the end of a line, so that subject and text stay apart', () => {
    expect(redact('call +1 415 555\n2671 now').redactions).toEqual([]);
    expect(redact('+1 415 555 2671\n2 BTC gone').masked.text).toBe('[PHONE]\n2 BTC gone');
  });

  it('masks in order and without overlaps in any text at all', () => {
    const mixed = fc.tuple(anyText, fc.oneof(...Object.values(KINDS)), anyText).map((parts) => parts.join(''));
    fc.assert(
      fc.property(mixed, (original) => {
        const { masked, redactions } = redact(original);
        let rebuilt = '';
        let position = 0;
        for (const { kind, start, end } of redactions) {
          expect(position <= start && start < end && end <= original.length).toBe(true);
          expect(original.slice(start, end)).not.toContain('\n');
          rebuilt += `${original.slice(position, start)}[${kind.toUpperCase()}]`;
          position = end;
        }
        expect(masked.text).toBe(rebuilt + original.slice(position));
      }),
      { numRuns: 500 },
    );
  });
});
