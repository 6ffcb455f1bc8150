import type { SendMailOptions } from 'nodemailer';
import type { Mailbox } from '../../text/mail-address.ts';
import type { OutgoingReply } from './connector.ts';
import type { MailTexts } from './mail-texts.ts';

/** Digits at the end of an item's id that people are given as its reference: they are random in a UUIDv7 (RFC 9562). */
const REFERENCE_LENGTH = 8;
/** Whom RFC 3834, 2 has automatic answers not sent to, and senders that nobody reads. */
const MACHINES =
  /^(?:mailer-daemon|postmaster|(?:no|do[-_.]?not)[-_.]?reply|bounces?(?:[-+].*)?|owner-.*|.*-(?:request|bounces?))@/iu;

/** Whether an address belongs to a machine or a list, which an automatic answer could set off. */
export function isMachine(address: string): boolean {
  return MACHINES.test(address);
}

/**
 * A reply as a mail of plain text. Everything in it comes from the reply, so that a mail that is sent again is the same
 * one, with the same `Message-ID` (RFC 5322, 3.6.4).
 */
export function composeMail(
  reply: Pick<OutgoingReply, 'id' | 'kind' | 'at' | 'feedbackId' | 'text' | 'language'>,
  { from, to, texts }: { readonly from: Mailbox; readonly to: string; readonly texts: MailTexts },
): SendMailOptions {
  const { id, kind, at, feedbackId, text, language } = reply;
  const reference = feedbackId.slice(-REFERENCE_LENGTH).toUpperCase();
  return {
    from,
    to: { name: '', address: to },
    envelope: { from: from.address, to: [to] },
    subject: texts.subjects[kind][language].replace('{reference}', reference),
    // In its canonical form (RFC 2046, 4.1.1), because base64 keeps line ends as they are.
    text: text.replace(/\r\n?|\n/gu, '\r\n'),
    date: at,
    messageId: `<${id}@${from.address.slice(from.address.indexOf('@') + 1)}>`,
    headers: {
      'Content-Language': language,
      ...(kind === 'acknowledgement' && { 'Auto-Submitted': 'auto-replied' }),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
