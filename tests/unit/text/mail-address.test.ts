import { expect, test } from 'vitest';
import { mailAddress, parseMailbox } from '../../../src/text/mail-address.ts';

test.each(['a@b.cn', "o'neil+forex@example.co.uk", 'x_1-2.y@xn--fiqs8s.xn--p1ai', `${'a'.repeat(64)}@example.com`])(
  '%s is an address',
  (address) => expect(mailAddress.safeParse(address).success).toBe(true),
);

test.each([
  '',
  'a@',
  '@b.com',
  'a b@c.com',
  'a..b@c.com',
  '.a@c.com',
  'a@c..com',
  'a@-c.com',
  'a@127.0.0.1',
  'a@[127.0.0.1]',
  'a@b.com\n',
  'a@b.com\r\nBcc: c@d.com',
  'a@b.com>',
  '王@b.com',
  `${'a'.repeat(65)}@example.com`,
  `a@${'b'.repeat(64)}.com`,
  `${'a'.repeat(60)}@${'b.'.repeat(100)}com`,
])('%j is none', (address) => expect(mailAddress.safeParse(address).success).toBe(false));

test('a long address is decided at once', () => {
  expect(mailAddress.safeParse(`${'a.'.repeat(500_000)}@`).success).toBe(false);
});

test('a mailbox is an address, with a name in any language or none', () => {
  expect(parseMailbox('support@b.com')).toEqual({ name: '', address: 'support@b.com' });
  expect(parseMailbox('客户服务 <support@b.com>')).toEqual({ name: '客户服务', address: 'support@b.com' });
  expect(parseMailbox('"Support, Team" <support@b.com>')).toEqual({ name: 'Support, Team', address: 'support@b.com' });
  for (const text of ['', 'Support', 'Support <>', 'A\r\nBcc: <x@b.com>', 'a@b.com, c@d.com', 'A <a@b.com> <c@d.com>'])
    expect({ text, mailbox: parseMailbox(text) }).toEqual({ text, mailbox: undefined });
});
