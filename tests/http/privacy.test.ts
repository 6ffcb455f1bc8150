import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openVault } from '../../src/vault.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { expectProblem } from '../_util/problem.ts';

/** Invented, and valid by their check digits, so that they must be found. */
const CANARIES = {
  email: 'canary.li+vip@mailbox-test.com',
  phone: '13912345678',
  card: '4539148803436467',
  id_card: '11010519491231002X',
  wallet: '0x52908400098527886E0F7030069857D2E4169EE7',
};
const SPACED = { phone: '139 1234 5678', card: '4539 1488 0343 6467' };
const ALL = [...Object.values(CANARIES), ...Object.values(SPACED)];
const LIST = Object.values(CANARIES).join('，');

const SUBMISSION = {
  text: `我的账户被盗了！联系我：${LIST}；备用电话 ${SPACED.phone}，卡号 ${SPACED.card}`,
  subject: `Stolen: ${LIST}`,
  channel: 'email',
  source: 'mailbox',
  external_id: 'mail-1',
  customer: { ref: CANARIES.email, email: CANARIES.email, tier: 'vip', prior_contacts_same_matter: 2 },
  metadata: {
    note: `call ${SPACED.phone}`,
    card: CANARIES.card,
    phone_number: Number(CANARIES.phone),
    [CANARIES.email]: true,
    app_version: '4.2.1',
    build: 4021,
  },
};

function expectClean(name: string, text: string): void {
  const found = ALL.filter((canary) => text.toLowerCase().includes(canary.toLowerCase()));
  expect({ name, found }).toEqual({ name, found: [] });
}

describeOnEngines('personal data', (engine) => {
  let service: TestService;
  let id: string;
  let answer: string;
  beforeAll(async () => {
    service = await openTestService({ engine });
    const response = await service.post('/v1/feedback', SUBMISSION, { 'idempotency-key': 'canary' });
    expect(response.status).toBe(201);
    answer = await response.text();
    id = JSON.parse(answer).id;
    await converse(id);
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  /** Everything that people and the customer can add to an item. */
  const converse = async (item: string) => {
    const text = `打给我 ${LIST}`;
    const by = CANARIES.email;
    const watcher = `/v1/feedback/${item}/watchers/${encodeURIComponent(CANARIES.email)}`;
    const done = [
      await service.post(`/v1/feedback/${item}/corrections`, { confirm: true, note: text, by }),
      await service.post(`/v1/feedback/${item}/notes`, { text, by }),
      await service.request(watcher, { method: 'PUT' }),
      await service.post(`/v1/feedback/${item}/priority`, { priority: 'P2', reason: text, by }),
      await service.post(`/v1/feedback/${item}/messages`, { direction: 'outbound', text, by }),
      await service.post(`/v1/feedback/${item}/messages`, { direction: 'inbound', text, by }),
      await service.post(`/v1/feedback/${item}/transitions`, {
        to: 'resolved',
        resolution: 'solved',
        reason: text,
        by,
      }),
      await service.post(`/v1/feedback/${item}/satisfaction`, { score: 4, solved: true, comment: text }),
    ];
    for (const response of done) {
      expect({ url: response.url, ok: response.ok }).toEqual({ url: response.url, ok: true });
      expectClean(response.url, await response.text());
    }
  };
  const everyTable = async () => {
    const { kysely } = service.database;
    const tables = await sql<{ name: string }>`
      select table_name as name from information_schema.tables where table_schema = 'public'`.execute(kysely);
    const texts = await Promise.all(
      tables.rows.map(async ({ name }) => {
        const { rows } = await sql<{ row: string }>`select t::text as row from ${sql.table(name)} t`.execute(kysely);
        return { name, text: rows.map(({ row }) => row).join('\n') };
      }),
    );
    expect(texts.filter(({ text }) => text !== '').map(({ name }) => name)).toEqual(
      expect.arrayContaining(['feedback', 'decision', 'pii_vault', 'customer', 'audit', 'outbox', 'idempotency']),
    );
    return texts;
  };
  const sealedRow = () =>
    service.database.kysely.selectFrom('pii_vault').selectAll().where('feedback_id', '=', id).executeTakeFirstOrThrow();

  test('the decision names every kind that was masked, and its offsets cut the original', () => {
    const { decision } = JSON.parse(answer);
    const cut = (field: 'subject' | 'text') =>
      decision.redactions
        .filter((redaction: { field: string }) => redaction.field === field)
        .map(({ start, end }: { start: number; end: number }) => SUBMISSION[field].slice(start, end));
    expect(cut('subject')).toEqual(Object.values(CANARIES));
    expect(cut('text')).toEqual([...Object.values(CANARIES), SPACED.phone, SPACED.card]);
  });

  test('becomes a pseudonym where it stands in for a name, and is found again by it', async () => {
    const body = {
      text: '昵称',
      source: CANARIES.email,
      external_id: CANARIES.phone,
      customer: { tier: CANARIES.card },
    };
    const first = await service.post('/v1/feedback', body);
    const item = (await first.json()) as { id: string; source: string; external_id: string; customer: unknown };
    expect(item).toMatchObject({
      source: expect.stringMatching(/^p:[0-9a-f]{32}$/),
      external_id: expect.stringMatching(/^p:[0-9a-f]{32}$/),
      customer: { tier: '[CARD]' },
    });
    const again = await service.post('/v1/feedback', body);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(await again.json()).toMatchObject({ id: item.id });
  });

  test('as names of metadata is masked and no name replaces another', async () => {
    const metadata = {
      '13912345678': 'first',
      '13912345679': 'second',
      '[PHONE]': 'said so',
      '[PHONE] (2)': 'said so too',
      'li@example.com': 'third',
      plan: 'gold',
    };
    const response = await service.post('/v1/feedback', { text: '元数据', metadata });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({
      metadata: {
        '[PHONE]': 'said so',
        '[PHONE] (2)': 'said so too',
        '[PHONE] (3)': 'first',
        '[PHONE] (4)': 'second',
        '[EMAIL]': 'third',
        plan: 'gold',
      },
    });
  });

  test('is in no answer', async () => {
    const replay = await service.post('/v1/feedback', SUBMISSION, { 'idempotency-key': 'canary' });
    const repeat = await service.post('/v1/feedback', SUBMISSION);
    expect([replay.status, repeat.status]).toEqual([201, 200]);
    const parts = ['notes', 'watchers', 'links', 'messages', 'history', 'corrections'];
    const paths = [
      ...parts.map((part) => `/v1/feedback/${id}/${part}`),
      `/v1/feedback/${id}`,
      '/v1/feedback',
      '/metrics',
      '/readyz',
    ];
    const gets = await Promise.all(paths.map((path) => service.request(path)));
    const classified = await service.post('/classify', { text: SUBMISSION.text, subject: SUBMISSION.subject });
    for (const response of [replay, repeat, classified, ...gets]) {
      expect(response.ok).toBe(true);
      expectClean(response.url, await response.text());
    }
    expectClean('the first answer', answer);
    expect(JSON.parse(answer)).toMatchObject({ metadata: { app_version: '4.2.1', build: 4021 } });
  });

  test('is in no table', async () => {
    for (const { name, text } of await everyTable()) expectClean(name, text);
  });

  test('is sealed in the vault, which opens with its key, for its item only', async () => {
    const row = await sealedRow();
    const { channel: _, ...original } = SUBMISSION;
    expect(row.key_id).toBe(service.context.vault.keyId);
    expect(service.context.vault.open(id, row.sealed)).toEqual(original);
    const refusal = expect.objectContaining({ code: 'bad_configuration' });
    expect(() => service.context.vault.open('01a20162-58db-746b-8ed4-46b9e0bc5972', row.sealed)).toThrow(refusal);
    const other = await openVault({ VAULT_KEY: 'ab'.repeat(32), DATA_DIR: 'unused' });
    expect(() => other.open(id, row.sealed)).toThrow(refusal);
    expect(other.keyId).not.toBe(row.key_id);
  });

  test('the same person is the same customer, without being named', async () => {
    const later = await service.post('/v1/feedback', { text: 'Any news?', customer: { ref: CANARIES.email } });
    const { customer } = (await later.json()) as { customer: { ref: string } };
    expect(customer.ref).toMatch(/^p:[0-9a-f]{32}$/);
    expect(customer.ref).toBe(JSON.parse(answer).customer.ref);
    const known = await service.database.kysely.selectFrom('customer').select(['ref', 'tier']).execute();
    expect(known).toEqual([{ ref: customer.ref, tier: 'vip' }]);
  });

  test('an item without personal data has nothing to seal', async () => {
    const plain = await service.post('/v1/feedback', {
      text: 'Please add a dark mode',
      customer: { ref: 'c-1042' },
      metadata: { app_version: '4.2.1', order: 20261101123456 },
    });
    const item = (await plain.json()) as { id: string; customer: unknown; metadata: unknown };
    expect(item).toMatchObject({
      customer: { ref: 'c-1042' },
      metadata: { app_version: '4.2.1', order: 20261101123456 },
    });
    const sealed = await service.database.kysely
      .selectFrom('pii_vault')
      .select('feedback_id')
      .where('feedback_id', '=', item.id)
      .execute();
    expect(sealed).toEqual([]);
  });

  test('is in no refusal', async () => {
    const refusals = await Promise.all([
      service.post('/v1/feedback', { text: '', subject: LIST }),
      service.post('/v1/feedback', { text: 'a', channel: CANARIES.email, language: CANARIES.phone }),
      service.post('/v1/feedback', { text: 'a', metadata: { note: { email: CANARIES.email } } }),
      service.post('/v1/feedback', `{"text": "${LIST}`),
      service.post('/v1/feedback', { ...SUBMISSION, text: `${SUBMISSION.text} more` }),
      service.post('/v1/feedback', SUBMISSION.text, { 'content-type': 'text/plain' }),
      service.post('/v1/classify/batch', { items: [{ text: LIST, channel: CANARIES.email }] }),
      service.request(`/v1/feedback/${CANARIES.phone}`),
      service.request(`/v1/feedback?cursor=${CANARIES.phone}`),
      service.request(`/v1/feedback?limit=${CANARIES.card}`),
      service.request(`/${CANARIES.phone}`),
    ]);
    for (const response of refusals) expectClean(String(response.status), await response.text());
    expect(refusals.map(({ status }) => status)).toEqual([422, 422, 422, 400, 409, 415, 200, 404, 422, 422, 404]);
  });

  test('is in no log line and no metric, also when the database refuses', async () => {
    const { kysely } = service.database;
    await sql`alter table outbox add constraint refuse check (seq < 0) not valid`.execute(kysely);
    const failed = await service.post('/v1/feedback', { ...SUBMISSION, external_id: 'mail-2' });
    await sql`alter table outbox drop constraint refuse`.execute(kysely);
    const problem = await expectProblem(failed, { status: 500, code: 'internal' });
    expectClean('problem', JSON.stringify(problem));
    const failure = service.logged.find((line) => line.includes('request failed'));
    expect(failure).toContain('23514');
    expect(failure).toContain(problem.requestId);
    expectClean('log', service.logged.join(''));
    expectClean('metrics', await (await service.request('/metrics')).text());
    for (const { name, text } of await everyTable()) expectClean(name, text);
  });
});
