import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail as the server was given it. */
export interface Received {
  readonly from: string;
  readonly to: readonly string[];
  /** As it came over the wire, without the stuffing of dots. */
  readonly raw: string;
  readonly secure: boolean;
  readonly user: string | undefined;
}

/** What the next mails are answered with in place of 250: to the recipient, or to the text. */
export interface Answer {
  readonly after: 'recipient' | 'text';
  readonly code: number;
  readonly words: string;
}

/** A mail server on loopback that keeps what it is given. */
export interface MailServer extends AsyncDisposable {
  readonly port: number;
  readonly received: Received[];
  answer: Answer | undefined;
}

class Refused extends Error {
  readonly responseCode: number;

  constructor({ code, words }: Answer) {
    super(words);
    this.responseCode = code;
  }
}

export async function openMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const received: Received[] = [];
  let answer: Answer | undefined;
  const server = new SMTPServer({
    ...{ authOptional: true, disableReverseLookup: true, logger: false, closeTimeout: 100 },
    onAuth: ({ username, password }, _, done) =>
      password === 's3cret+/' ? done(null, { user: username }) : done(new Refused({ ...WRONG_PASSWORD })),
    onRcptTo: (_address, _session, done) => done(answer?.after === 'recipient' ? new Refused(answer) : null),
    onData(stream, { envelope, secure, user }, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        const to = envelope.rcptTo.map(({ address }) => address);
        received.push({ from, to, raw: Buffer.concat(parts).toString('utf8'), secure, user });
        done(answer?.after === 'text' ? new Refused(answer) : null);
      });
    },
    ...options,
  });
  // A client that hangs up in the middle is no fault of the server.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    received,
    get answer() {
      return answer;
    },
    set answer(next) {
      answer = next;
    },
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const WRONG_PASSWORD = { after: 'text', code: 535, words: '5.7.8 Authentication failed' } as const;

/** A mail taken apart: headers by their names in lower case, unfolded and decoded, and the decoded text. */
export function readMail(raw: string): { readonly headers: ReadonlyMap<string, string>; readonly text: string } {
  const end = raw.indexOf('\r\n\r\n');
  const lines = raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/gu, ' ')
    .split('\r\n');
  const headers = new Map(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      decodeWords(line.slice(line.indexOf(':') + 2)),
    ]),
  );
  if (headers.size !== lines.length) throw new Error('a header stands in the mail twice');
  return { headers, text: decodeBody(raw.slice(end + 4), headers.get('content-transfer-encoding')) };
}

function decodeBody(body: string, encoding: string | undefined): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding === 'quoted-printable') return decodeQuoted(body.replace(/=\r\n/gu, ''));
  return body;
}

/** RFC 2047; white space between two encoded words is no part of the text. */
function decodeWords(value: string): string {
  return value
    .replace(/(\?=)\s+(?==\?)/gu, '$1')
    .replace(/=\?utf-8\?([BQ])\?([^?]*)\?=/giu, (_, kind: string, word: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(word, 'base64').toString('utf8')
        : decodeQuoted(word.replaceAll('_', ' ')),
    );
}

function decodeQuoted(text: string): string {
  const octets = text.replace(/=([\da-f]{2})/giu, (_, octet: string) =>
    String.fromCharCode(Number.parseInt(octet, 16)),
  );
  return Buffer.from(octets, 'latin1').toString('utf8');
}
