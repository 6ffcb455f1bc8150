import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import type { SMTPServerOptions } from 'smtp-server';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config.ts';
import type { OutgoingReply } from '../../src/replies/connectors/connector.ts';
import { mailTextsSchema } from '../../src/replies/connectors/mail-texts.ts';
import { smtp } from '../../src/replies/connectors/smtp.ts';
import { type MailServer, openMailServer } from '../_util/mail-server.ts';

const REPLY: OutgoingReply = {
  id: '01a20162-58db-746b-8ed4-46b9e0bc5972',
  kind: 'reply',
  at: new Date('2026-11-22T08:00:00Z'),
  feedbackId: '01a20162-58db-746b-8ed4-46b9e0bc5971',
  text: '您好：\n已收到。',
  language: 'zh',
  item: { channel: 'email', language: 'zh', source: 'api', externalId: null, customerRef: null },
  email: 'wang@example.com',
};
const never = new AbortController().signal;

async function send(environment: Record<string, string>, { reply = REPLY, signal = never } = {}) {
  const mail = mailTextsSchema.parse(parse(await readFile('data/mail.yaml', 'utf8')));
  const config = loadConfig({ SMTP_FROM: 'support@platform.example', ...environment });
  return await smtp.send({ config, policy: { mail } }, reply, signal);
}

async function withServer(options: SMTPServerOptions, use: (server: MailServer) => Promise<void>): Promise<void> {
  await using server = await openMailServer(options);
  await use(server);
}

test('where TLS is required nothing is sent without it', async () => {
  await withServer({ disabledCommands: ['STARTTLS'] }, async ({ port, received }) => {
    const url = `smtp://127.0.0.1:${port}`;
    const refusal = await send({ SMTP_URL: url, SMTP_TLS: 'required' });
    expect(refusal).toEqual({ reason: expect.stringMatching(/^ETLS 5\d\d$/u), permanent: false });
    expect(received).toEqual([]);
    expect(await send({ SMTP_URL: url })).toBeUndefined();
    expect(received).toMatchObject([{ secure: false }]);
  });
});

test.each([
  ['smtp', {}],
  ['smtps', { secure: true }],
])('where TLS is required no certificate is taken that cannot be verified (%s)', async (scheme, options) => {
  await withServer(options, async ({ port, received }) => {
    const url = `${scheme}://127.0.0.1:${port}`;
    const refusal = await send({ SMTP_URL: url, SMTP_TLS: 'required' });
    expect(refusal).toMatchObject({ reason: expect.stringMatching(/^E(?:TLS|SOCKET)/u), permanent: false });
    expect(received).toEqual([]);
    expect(await send({ SMTP_URL: url, SMTP_TLS: 'optional' })).toBeUndefined();
    expect(received).toMatchObject([{ secure: true }]);
  });
});

test('a wrong password is no fault of the mail: it is tried again', async () => {
  await withServer({}, async ({ port, received }) => {
    expect(await send({ SMTP_URL: `smtp://user:wrong@127.0.0.1:${port}` })).toEqual({
      reason: 'EAUTH 535 5.7.8',
      permanent: false,
    });
    expect(received).toEqual([]);
  });
});

test('a server that is away or says nothing is tried again; the signal ends the wait', async () => {
  const stop = new AbortController();
  const silent = createServer(() => stop.abort());
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const url = { SMTP_URL: `smtp://127.0.0.1:${port}` };
  expect(await send(url, { signal: stop.signal })).toEqual({ reason: 'EABORT', permanent: false });
  await new Promise<void>((resolve) => silent.close(() => resolve()));
  expect(await send(url)).toEqual({ reason: 'ESOCKET', permanent: false });
});

test('an address that was sealed and is none is never handed to the server', async () => {
  await withServer({}, async ({ port, received }) => {
    const environment = { SMTP_URL: `smtp://127.0.0.1:${port}` };
    for (const email of [undefined, 'a@example.com\r\nRCPT TO:<b@example.com>', 'a@example.com,b@example.com'])
      expect(await send(environment, { reply: { ...REPLY, email } })).toEqual({
        reason: 'no address',
        permanent: true,
      });
    expect(received).toEqual([]);
  });
});
