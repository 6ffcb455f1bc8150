/** A mail server as `SMTP_URL` names it. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (`smtps://`), not by STARTTLS. */
  readonly isImplicitTls: boolean;
  readonly auth: { readonly user: string; readonly pass: string } | undefined;
}

/** Submission with STARTTLS, and under implicit TLS (RFC 8314). */
const PORTS: Readonly<Record<string, number>> = { 'smtp:': 587, 'smtps:': 465 };

/** Reads `smtp://user:password@host:port`, user and password percent-encoded. Undefined for anything else. */
export function parseSmtpUrl(text: string): SmtpServer | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(text);
  const standard = PORTS[protocol];
  const host = hostname.replace(/^\[|\]$/gu, '').toLowerCase();
  const isBare = (pathname === '' || pathname === '/') && search === '' && hash === '';
  if (standard === undefined || !isBare || !/^[\da-z.:-]+$/u.test(host)) return undefined;
  if ((username === '') !== (password === '')) return undefined;
  const [user, pass] = [decode(username), decode(password)];
  if (user === undefined || pass === undefined) return undefined;
  return {
    host,
    port: port === '' ? standard : Number(port),
    isImplicitTls: protocol === 'smtps:',
    auth: user === '' ? undefined : { user, pass },
  };
}

/** Undefined where a percent sign is not the beginning of UTF-8. */
function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
