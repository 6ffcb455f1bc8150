import fc from 'fast-check';
import { anyText } from './text.ts';
import type { Message } from './triage.ts';

/** Sentences that fire rules of every kind, and some that fire none. */
const SENTENCES = [
  '我的账户被盗了',
  'my account was hacked',
  '提现12000 USDT三天了还没到账',
  'my withdrawal of 500 USDT is stuck',
  '登不上',
  "I can't log in",
  '我还有仓位开着',
  '我要报警找律师',
  'I will post this on Twitter',
  '我要销户',
  '全平台都登不上',
  '我不想活了',
  '你们就是一群废物',
  '我借钱炒的，全亏光了',
  'is this really your support?',
  '模拟盘',
  '图标没对齐',
  '如果',
  'not',
  '我朋友说',
  '谢谢',
  'How much is the fee?',
  '¥７万',
  '帳戶被盜',
  '2 BTC',
];
const TYPES = ['technical_issue', 'service_complaint', 'feature_suggestion', 'question', 'praise', 'other'];
const FLAGS = ['security_compromise', 'funds_at_risk', 'fraud_report', 'outage', 'churn', 'self_harm', 'vulnerable'];

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const text = fc
  .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...SENTENCES) }, { weight: 1, arbitrary: anyText }), {
    minLength: 1,
    maxLength: 5,
  })
  .chain((parts) => fc.constantFrom('，', '. ', '\n', ' ').map((joint) => parts.join(joint)));

/** Any message with any facts about its sender and anything that the heads might say. */
export const anyMessage: fc.Arbitrary<{ text: string; message: Message }> = fc
  .record({
    text,
    subject: fc.oneof(fc.constant(''), text),
    type: fc.constantFrom(...TYPES),
    confidence: fc.double({ min: 0.2, max: 1, noNaN: true }),
    topics: fc.dictionary(
      fc.constantFrom('deposit', 'withdrawal', 'app_stability', 'customer_service'),
      fc.constant(0.8),
    ),
    flags: fc.dictionary(fc.constantFrom(...FLAGS), fc.double({ min: 0, max: 1, noNaN: true })),
    tier: maybe(fc.constantFrom('vip', 'standard')),
    open_positions: maybe(fc.boolean()),
    contacts: maybe(fc.nat(4)),
  })
  .map(({ text: body, tier, open_positions, contacts, ...rest }) => ({
    text: body,
    message: {
      ...rest,
      customer: {
        ...(tier === undefined ? {} : { tier }),
        ...(open_positions === undefined ? {} : { open_positions }),
        ...(contacts === undefined ? {} : { prior_contacts_same_matter: contacts }),
      },
    },
  }));
