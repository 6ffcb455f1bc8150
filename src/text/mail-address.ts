import { z } from 'zod';

/** RFC 5321, 4.5.3.1: a path has 256 octets, two of them the brackets around the address. */
const MAX_ADDRESS = 254;
const EXPECTED = 'must be an address such as lin@example.com: ASCII, at most 64 characters before the @';

/**
 * A mailbox of RFC 5321 in its plain form: no quoted local part, no address literal, ASCII only. It holds no space, comma,
 * bracket or line break, so that it cannot end a header or name a second recipient.
 */
export const mailAddress = z
  .string()
  .max(MAX_ADDRESS, { error: `must have at most ${MAX_ADDRESS} characters`, abort: true })
  .regex(
    /^(?=[^@]{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/,
    EXPECTED,
  );

/** Who a mail is from or for. */
export interface Mailbox {
  /** For people; empty where there is none. */
  readonly name: string;
  readonly address: string;
}

/** Reads `lin@example.com` or `Support <lin@example.com>`, the name in any language. Undefined for anything else. */
export function parseMailbox(text: string): Mailbox | undefined {
  const match = /^(?:"?(?<name>[^"<>\p{Cc}]{0,100}?)"?\s*<(?<inner>[^<>]+)>|(?<bare>[^<>]+))$/u.exec(text.trim());
  const parsed = mailAddress.safeParse(match?.groups?.inner ?? match?.groups?.bare);
  return parsed.success ? { name: match?.groups?.name?.trim() ?? '', address: parsed.data } : undefined;
}
