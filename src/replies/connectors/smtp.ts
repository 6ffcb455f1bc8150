import { createTransport, type NodemailerError, type SMTPTransportOptions } from 'nodemailer';
import { type Config, isLoopback } from '../../config.ts';
import { parseSmtpUrl } from '../../smtp-url.ts';
import { mailAddress, parseMailbox } from '../../text/mail-address.ts';
import type { Connector, Refusal } from './connector.ts';
import { composeMail, isMachine } from './mail.ts';

/** Waiting for a connection with the name looked up, for the greeting, and for a sign of life in between, milliseconds. */
const CONNECT_MS = 10_000;
const GREETING_MS = 15_000;
const SILENCE_MS = 60_000;

/** What of an error says that the mail itself was refused; everything else may be the server's or the settings' fault. */
const ABOUT_THE_MAIL = new Set(['EENVELOPE', 'EMESSAGE']);
/** Replies of the 5xx class that ask for a login or for TLS: another setting makes them go away (RFC 4954, RFC 3207). */
const ABOUT_THE_SESSION = new Set([530, 534, 535, 538]);

/** Hands replies to the mail server of SMTP_URL. */
export const smtp: Connector = {
  setting: 'SMTP_URL',
  needsEmail: true,
  channel: 'email',
  async send({ config, policy }, reply, signal) {
    const options = toTransport(config);
    const from = parseMailbox(config.SMTP_FROM ?? '');
    if (options === undefined || from === undefined) return { reason: 'SMTP_URL is not set', permanent: false };
    const { success, data: to } = mailAddress.safeParse(reply.email);
    if (!success) return { reason: 'no address', permanent: true };
    if (reply.kind === 'acknowledgement' && isMachine(to)) return { reason: 'address of a machine', permanent: true };
    const transport = createTransport(options);
    try {
      await transport.sendMail({ ...composeMail(reply, { from, to, texts: policy.mail }), signal });
      return undefined;
    } catch (error) {
      return toRefusal(error);
    } finally {
      transport.close();
    }
  },
};

/** How the server is reached: under verified TLS, unless it is on this machine or SMTP_TLS says otherwise. */
export function toTransport({
  SMTP_URL,
  SMTP_TLS,
}: Pick<Config, 'SMTP_URL' | 'SMTP_TLS'>): SMTPTransportOptions | undefined {
  const server = SMTP_URL === undefined ? undefined : parseSmtpUrl(SMTP_URL);
  if (server === undefined) return undefined;
  const { host, port, isImplicitTls, auth } = server;
  const isRequired = (SMTP_TLS ?? (isLoopback(host) ? 'optional' : 'required')) === 'required';
  return {
    ...{ host, port, secure: isImplicitTls, requireTLS: isRequired && !isImplicitTls, ...(auth && { auth }) },
    // Where plain text would do, a certificate that cannot be verified is still better (RFC 7435).
    tls: { rejectUnauthorized: isRequired, minVersion: 'TLSv1.2' },
    ...{ connectionTimeout: CONNECT_MS, dnsTimeout: CONNECT_MS },
    ...{ greetingTimeout: GREETING_MS, socketTimeout: SILENCE_MS },
    logger: false,
  };
}

/** Only codes of what the server said: its words may hold the address. */
function toRefusal(error: unknown): Refusal {
  if (!(error instanceof Error)) return { reason: 'unreachable', permanent: false };
  const { code = error.name, responseCode = 0, response = '' }: NodemailerError = error;
  const isAboutTheMail = ABOUT_THE_MAIL.has(code) && responseCode > 0;
  const enhanced = /^\d{3}[ -](?<status>[245]\.\d{1,3}\.\d{1,3})\b/u.exec(response)?.groups?.status;
  const reason = [isAboutTheMail ? '' : code, responseCode || '', enhanced ?? '']
    .filter((part) => part !== '')
    .join(' ');
  return { reason, permanent: isAboutTheMail && isPermanent(responseCode) };
}

/** RFC 5321, 4.2.1: the same mail would be refused again; 503 is about the order of commands and not about the mail. */
function isPermanent(code: number): boolean {
  return code >= 500 && code !== 503 && !ABOUT_THE_SESSION.has(code);
}
