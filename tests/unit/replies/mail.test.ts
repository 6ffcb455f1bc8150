import { expect, test } from 'vitest';
import { composeMail, isMachine } from '../../../src/replies/connectors/mail.ts';
import { mailTextsSchema } from '../../../src/replies/connectors/mail-texts.ts';
import { toTransport } from '../../../src/replies/connectors/smtp.ts';

const texts = mailTextsSchema.parse({
  version: '1',
  subjects: {
    reply: { zh: '回复 {reference}', en: 'Reply {reference}' },
    acknowledgement: { zh: '收到 {reference}', en: 'Received {reference}' },
  },
});
const reply = {
  id: '01a20162-58db-746b-8ed4-46b9e0bc5972',
  kind: 'reply',
  at: new Date('2026-11-22T08:00:00Z'),
  feedbackId: '01a20162-58db-746b-8ed4-46b9e0bcabcd',
  text: 'One\nTwo\r\nThree\rFour',
  language: 'en',
} as const;
const to = { from: { name: '', address: 'support@platform.example' }, to: 'wang@example.com', texts };

test('a mail is the same whenever it is made, with line ends as mails have them', () => {
  expect(composeMail(reply, to)).toEqual(composeMail({ ...reply }, to));
  expect(composeMail(reply, to)).toMatchObject({
    subject: 'Reply E0BCABCD',
    messageId: '<01a20162-58db-746b-8ed4-46b9e0bc5972@platform.example>',
    text: 'One\r\nTwo\r\nThree\r\nFour',
    envelope: { from: 'support@platform.example', to: ['wang@example.com'] },
    headers: { 'Content-Language': 'en' },
  });
});

test('only what nobody accepted says that it is automatic', () => {
  expect(composeMail(reply, to).headers).not.toHaveProperty('Auto-Submitted');
  const { subject, headers } = composeMail({ ...reply, kind: 'acknowledgement', language: 'zh' }, to);
  expect(subject).toBe('收到 E0BCABCD');
  expect(headers).toMatchObject({ 'Auto-Submitted': 'auto-replied' });
});

test.each([
  'MAILER-DAEMON@example.com',
  'no-reply@example.com',
  'noreply@example.com',
  'do_not_reply@example.com',
  'owner-list@example.com',
  'list-request@example.com',
  'bounce+x=y@example.com',
])('%s is a machine', (address) => expect(isMachine(address)).toBe(true));

test.each(['norma.reply@example.com', 'owner@example.com', 'request@example.com', 'wang@no-reply.example'])(
  '%s may be a person',
  (address) => expect(isMachine(address)).toBe(false),
);

test('TLS is required and verified but on this machine, unless the settings say otherwise', () => {
  const tls = (SMTP_URL: string, SMTP_TLS?: 'required' | 'optional') => {
    const { host, port, secure, requireTLS, tls: options } = toTransport({ SMTP_URL, SMTP_TLS }) ?? {};
    return [host, port, secure, requireTLS, options?.rejectUnauthorized];
  };
  expect(tls('smtp://mail.example.com')).toEqual(['mail.example.com', 587, false, true, true]);
  expect(tls('smtps://mail.example.com')).toEqual(['mail.example.com', 465, true, false, true]);
  expect(tls('smtp://mail.example.com:25', 'optional')).toEqual(['mail.example.com', 25, false, false, false]);
  expect(tls('smtp://127.0.0.1:2525')).toEqual(['127.0.0.1', 2525, false, false, false]);
  expect(tls('smtp://[::1]:2525', 'required')).toEqual(['::1', 2525, false, true, true]);
  expect(tls('smtp://127.0.0.1.evil.com')[3]).toBe(true);
});

test.each([
  { zh: '回复', en: 'Reply {reference}' },
  { zh: '回复 {reference}\r\nBcc: x@example.com', en: 'Reply {reference}' },
])('subjects without the reference or of two lines are refused', (subject) => {
  const file = { version: '1', subjects: { reply: subject, acknowledgement: texts.subjects.acknowledgement } };
  expect(mailTextsSchema.safeParse(file).success).toBe(false);
});
