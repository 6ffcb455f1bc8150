import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decisionSchema } from '../../src/triage/decision.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { expectProblem } from '../_util/problem.ts';

/** Stands in every refused value; no answer may repeat it. */
const MARK = 'Zaphod4711';
const MESSAGE_PATHS = ['/classify', '/v1/classify', '/v1/feedback'];
const HALF = '\ud83d';

let service: TestService;
beforeAll(async () => {
  service = await openTestService();
}, OPEN_TIMEOUT_MS);
afterAll(async () => {
  const { kysely } = service.database;
  for (const table of ['feedback', 'decision', 'pii_vault', 'customer', 'audit', 'outbox', 'idempotency'] as const) {
    expect({ table, rows: await kysely.selectFrom(table).selectAll().execute() }).toEqual({ table, rows: [] });
  }
  await service[Symbol.asyncDispose]();
});

async function expectRefusal(response: Response, status: number, code: string, pointers?: string[]): Promise<void> {
  const problem = await expectProblem(response, { status, code, ...(pointers && { pointers }) });
  expect(JSON.stringify(problem)).not.toContain(MARK);
}

const metadataOf = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, MARK]));
const deepArray = (levels: number) => `{"text":${'['.repeat(levels - 1)}"${MARK}"${']'.repeat(levels - 1)}}`;

describe.each(MESSAGE_PATHS)('POST %s refuses', (path) => {
  test.each<[string, unknown, string[]]>([
    ['an empty text', { text: '' }, ['/text']],
    ['only spaces', { text: ' \t\r\n\u3000\u00a0' }, ['/text']],
    ['only invisible characters', { text: '\u200b\u200d\ufeff\u0007' }, ['/text']],
    ['20 001 characters', { text: MARK.padEnd(20_001, '好') }, ['/text']],
    ['the character U+0000', { text: `${MARK}\u0000` }, ['/text']],
    ['half of a surrogate pair', { text: `${MARK}${HALF}` }, ['/text']],
    ['no text', { subject: MARK }, ['/text']],
    ['a text that is a number', { text: 4711 }, ['/text']],
    ['a text that is a list', { text: [MARK] }, ['/text']],
    ['an unknown field', { text: MARK, priority: 'P1' }, ['/priority']],
    ['two unknown fields, each with its pointer', { text: MARK, a: 1, 'b/c~d': 2 }, ['/a', '/b~1c~0d']],
    ['a long subject', { text: MARK, subject: 'x'.repeat(501) }, ['/subject']],
    ['U+0000 in the subject', { text: MARK, subject: 'a\u0000' }, ['/subject']],
    ['an unknown channel', { text: MARK, channel: MARK }, ['/channel']],
    ['a language that is no code', { text: MARK, language: MARK }, ['/language']],
    ['a time without zone', { text: MARK, happened_at: '2026-11-01T09:30:00' }, ['/happened_at']],
    ['a day that does not exist', { text: MARK, happened_at: '2026-02-30T09:30:00Z' }, ['/happened_at']],
    [
      'the year 0, which PostgreSQL does not know',
      { text: MARK, happened_at: '0000-01-01T00:00:00Z' },
      ['/happened_at'],
    ],
    ['a time beyond the year 9999', { text: MARK, happened_at: '9999-12-31T23:59:59-12:00' }, ['/happened_at']],
    ['another taxonomy', { text: MARK, taxonomy: MARK }, ['/taxonomy']],
    ['an unknown fact about the customer', { text: MARK, customer: { email: MARK } }, ['/customer/email']],
    [
      'a negative count of contacts',
      { text: MARK, customer: { prior_contacts_same_matter: -1 } },
      ['/customer/prior_contacts_same_matter'],
    ],
    ['U+0000 in the customer’s reference', { text: MARK, customer: { ref: 'a\u0000b' } }, ['/customer/ref']],
    ['half a pair in the customer’s reference', { text: MARK, customer: { ref: HALF } }, ['/customer/ref']],
    ['half a pair in the customer’s tier', { text: MARK, customer: { tier: HALF } }, ['/customer/tier']],
    ['a list', [{ text: MARK }], ['']],
    ['a string', JSON.stringify(MARK), ['']],
    ['null', 'null', ['']],
    ['everything at once', { text: '', channel: 1, customer: 2 }, ['/text', '/channel', '/customer']],
  ])('%s with 422', async (_name, body, pointers) => {
    await expectRefusal(await service.post(path, body), 422, 'invalid_input', pointers);
  });

  test.each<[string, string | Buffer<ArrayBuffer>]>([
    ['an empty body', ''],
    ['broken JSON', `{"text": "${MARK}"`],
    ['two documents', `{"text":"a"}{"text":"${MARK}"}`],
    ['NaN', '{"text": NaN}'],
    ['broken UTF-8', Buffer.concat([Buffer.from(`{"text":"${MARK}`), Buffer.from([0xc3, 0x28]), Buffer.from('"}')])],
    ['GB18030 bytes', Buffer.from([0x7b, 0x22, 0xce, 0xd2, 0x22, 0x7d])],
    ['an image', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
  ])('%s with 400', async (_name, body) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    await expectRefusal(await service.request(path, init), 400, 'bad_request', ['']);
  });

  test('more than 16 levels with 400, and takes 16', async () => {
    await expectRefusal(await service.post(path, deepArray(17)), 400, 'bad_request');
    await expectRefusal(await service.post(path, deepArray(16)), 422, 'invalid_input', ['/text']);
    await expectRefusal(await service.post(path, deepArray(200_000)), 400, 'bad_request');
  });

  test('brackets inside of texts are no levels', async () => {
    const response = await service.post('/classify', { text: `${'[{'.repeat(40)} \\"[[[[` });
    expect(response.status).toBe(200);
  });

  test.each([
    'text/plain',
    'text/plain;charset=UTF-8',
    'application/xml',
    'multipart/form-data; boundary=x',
    'application/jsonp',
  ])('the content type %s with 415', async (type) => {
    const response = await service.post(path, { text: MARK }, { 'content-type': type });
    await expectRefusal(response, 415, 'unsupported_media_type', ['']);
  });

  test('more than 1 MiB with 413, with and without a length', async () => {
    const body = JSON.stringify({ text: MARK, metadata: { a: 'x'.repeat(1_048_576) } });
    const announced = await service.post(path, body, { 'content-length': String(Buffer.byteLength(body)) });
    await expectRefusal(announced, 413, 'payload_too_large');
    const streamed = new Blob([body]).stream();
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: streamed, duplex: 'half' };
    await expectRefusal(await service.request(path, init as RequestInit), 413, 'payload_too_large');
    expect(service.logged.filter((line) => line.includes('request failed'))).toEqual([]);
  });

  test('thousands of unknown fields in a short answer', async () => {
    const fields = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`unknown_${index}`, MARK]));
    const response = await service.post(path, { text: 'a', ...fields });
    expect(response.status).toBe(422);
    expect((await response.text()).length).toBeLessThan(20_000);
  });
});

describe('POST /v1/feedback also refuses', () => {
  test.each<[string, Record<string, unknown>, string[]]>([
    ['a rating above 10', { rating: 11 }, ['/rating']],
    ['half a point', { rating: 1.5 }, ['/rating']],
    ['an empty source', { source: '' }, ['/source']],
    ['a long external id', { external_id: MARK.repeat(21) }, ['/external_id']],
    ['U+0000 in the external id', { external_id: 'a\u0000' }, ['/external_id']],
    ['nested metadata', { metadata: { a: { b: MARK } } }, ['/metadata/a']],
    ['a list as metadata', { metadata: [MARK] }, ['/metadata']],
    ['33 keys of metadata', { metadata: metadataOf(33) }, ['/metadata']],
    ['a long value of metadata', { metadata: { a: MARK.repeat(51) } }, ['/metadata/a']],
    ['half a pair in a value of metadata', { metadata: { a: HALF } }, ['/metadata/a']],
    ['an empty key of metadata', { metadata: { '': 1 } }, ['/metadata/']],
    ['half a pair in a key of metadata', { metadata: { [`a${HALF}`]: 1 } }, [`/metadata/a${HALF}`]],
    ['U+0000 in a key of metadata', { metadata: { 'a\u0000': 1 } }, ['/metadata/a\u0000']],
  ])('%s with 422', async (_name, fields, pointers) => {
    const response = await service.post('/v1/feedback', { text: MARK, ...fields });
    await expectRefusal(response, 422, 'invalid_input', pointers);
  });

  test('a number too large to be one with 422', async () => {
    const response = await service.post('/v1/feedback', '{"text":"a","metadata":{"a":1e999}}');
    await expectRefusal(response, 422, 'invalid_input', ['/metadata/a']);
  });

  test('a very long key of metadata, without repeating all of it', async () => {
    const response = await service.post('/v1/feedback', { text: 'a', metadata: { [MARK.repeat(40_000)]: 1 } });
    expect(response.status).toBe(422);
    expect((await response.text()).length).toBeLessThan(2_000);
  });

  test.each([['x'.repeat(256)], ['with space'], ['schlüssel'], ['']])(
    'the Idempotency-Key %j with 422',
    async (key) => {
      const response = await service.post('/v1/feedback', { text: MARK }, { 'idempotency-key': key });
      await expectRefusal(response, 422, 'invalid_input', ['/headers/Idempotency-Key']);
    },
  );
});

describe('what looks odd and is fine', () => {
  test.each<[string, string]>([
    ['an emoji', '🙏'],
    ['emoji of several code points', '👨‍👩‍👧‍👦🏳️‍🌈'],
    ['20 000 characters', '提现失败'.repeat(5_000)],
    ['right-to-left and combining marks', 'السلام عليكم e\u0301\u0323'],
    ['control characters beside a word', 'a\u0007\u001b[31m'],
    ['markup', '<script>alert(1)</script> & "quotes" \\'],
  ])('%s is decided', async (_name, text) => {
    const response = await service.post('/classify', { text });
    expect(response.status).toBe(200);
    decisionSchema.parse(await response.json());
  });

  test.each(['application/json', 'application/json; charset=utf-8', 'application/vnd.api+json', 'APPLICATION/JSON'])(
    'the content type %s',
    async (type) => {
      expect((await service.post('/classify', { text: 'hello' }, { 'content-type': type })).status).toBe(200);
    },
  );

  test('curl -d sends a form type: taken from curl, refused from a browser', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await service.post('/classify', { text: 'hello' }, form)).status).toBe(200);
    for (const header of [{ origin: 'http://localhost:3000' }, { 'sec-fetch-site': 'same-site' }]) {
      const response = await service.post('/classify', { text: 'hello' }, { ...form, ...header });
      await expectProblem(response, { status: 415, code: 'unsupported_media_type', pointers: [''] });
    }
  });

  test('no content type: taken from a program, refused from a browser, which can send it without asking', async () => {
    const body = Buffer.from('{"text":"hello"}');
    expect((await service.request('/classify', { method: 'POST', body })).status).toBe(200);
    const init = { method: 'POST', body, headers: { origin: 'http://localhost:3000' } };
    await expectProblem(await service.request('/classify', init), {
      status: 415,
      code: 'unsupported_media_type',
      pointers: [''],
    });
  });

  test('a byte order mark before the JSON', async () => {
    expect((await service.post('/classify', '\ufeff{"text":"hello"}')).status).toBe(200);
  });
});
