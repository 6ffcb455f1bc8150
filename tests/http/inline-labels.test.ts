import { afterAll, beforeAll, expect, test } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { labelledAnswerSchema } from '../../src/http/decide.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { createHeldEncoder, type HeldEncoder } from '../_util/held-encoder.ts';
import { expectProblem } from '../_util/problem.ts';
import { SHOP } from '../_util/taxonomy.ts';

const LABELS = SHOP.map(({ key, name, examples }) => ({ name: key, description: name.zh, examples }));

let service: TestService;
let held: HeldEncoder;
beforeAll(async () => {
  held = createHeldEncoder();
  service = await openTestService({ encoder: held.encoder });
}, OPEN_TIMEOUT_MS);
afterAll(() => service[Symbol.asyncDispose]());

const classify = async (body: object) => {
  const response = await service.post('/v1/classify', body);
  expect(response.status).toBe(200);
  return labelledAnswerSchema.parse(await response.json());
};

test.each([
  ['my parcel is late again', 'delivery'],
  ['我想退货', 'returns'],
  ['the coupon code is not accepted', 'coupons'],
])('%s belongs under the label whose texts are nearest: %s', async (text, key) => {
  const answer = await classify({ text, labels: LABELS });
  expect(answer).toMatchObject({ taxonomy: null, fits: true, label: { key, name: key } });
  expect(answer.label?.alternatives).toHaveLength(2);
  const all = [answer.label, ...(answer.label?.alternatives ?? [])].map((one) => one?.confidence ?? 0);
  expect(all.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 2);
  expect(all).toEqual(all.toSorted((left, right) => right - left));
  expect(answer.nearest[0]?.label).toBe(key);
});

test('a name is enough, and the order of labels does not matter', async () => {
  const labels = [{ name: 'invoices' }, { name: '发票抬头' }, { name: 'opening hours' }];
  for (const order of [labels, labels.toReversed()]) {
    const answer = await classify({ text: '发票抬头错了', labels: order });
    expect(answer.label?.key).toBe('发票抬头');
  }
});

test('a message like none of them gets no label, and a person is asked', async () => {
  const answer = await classify({ text: 'zxqv wvut jjkk 9', labels: LABELS });
  expect(answer).toMatchObject({ label: null, fits: false, needs_review: { yes: true, why: [{ code: 'none_fits' }] } });
});

test('two labels that say the same leave it open', async () => {
  const { examples = [] } = LABELS[0] ?? {};
  const answer = await classify({ text: 'my parcel is late', labels: [...LABELS, { name: 'deliveries', examples }] });
  expect(answer.needs_review.why.map(({ code }) => code)).toEqual(['low_confidence']);
});

test('of two labels the nearer one is not sure because the other is farther: the message must be like it', async () => {
  const labels = [{ name: '配送问题' }, { name: 'returns', examples: ['I want to send it back'] }];
  const strange = await classify({ text: 'I love my cat', labels });
  expect(strange.label).toMatchObject({ key: 'returns' });
  expect(strange.label?.confidence).toBeGreaterThan(0.8);
  expect(strange.needs_review.why.map(({ code }) => code)).toEqual(['low_confidence']);
  const own = await classify({ text: 'I want to send it back please', labels });
  expect(own).toMatchObject({ label: { key: 'returns' }, needs_review: { yes: false } });
});

test('a short text in another language asks for a person, however sure the labels are', async () => {
  const labels = [{ name: 'invoices', examples: ['Bitte senden Sie mir die Rechnung'] }, { name: 'opening hours' }];
  const answer = await classify({ text: 'Bitte senden Sie mir die Rechnung', labels });
  expect(answer).toMatchObject({ language: 'de', label: { key: 'invoices' }, needs_review: { yes: true } });
  expect(answer.needs_review.why.map(({ code }) => code)).toEqual(['other_language']);
});

test('personal data is masked in what is shown, of the message and of the labels', async () => {
  const response = await service.post('/classify', {
    text: 'call me at 13800138000',
    labels: [{ name: 'contact', examples: ['call me at 13900139000'] }, { name: 'other' }],
  });
  const text = await response.text();
  expect(text).not.toMatch(/13800138000|13900139000/);
  expect(labelledAnswerSchema.parse(JSON.parse(text)).redactions).toMatchObject([
    { kind: 'phone', start: 11, end: 22 },
  ]);
});

test('the same labels have the same version, others another; nothing of them is kept', async () => {
  const [one, same, other] = await Promise.all(
    [LABELS, LABELS, LABELS.slice(1)].map((labels) => classify({ text: 'parcel', labels })),
  );
  expect(same?.version).toBe(one?.version);
  expect(other?.version).not.toBe(one?.version);
  for (const table of ['taxonomy', 'feedback', 'audit', 'outbox'] as const)
    expect(await service.database.kysely.selectFrom(table).selectAll().execute()).toEqual([]);
});

test('an encoder that is busy is told as such', async () => {
  held.failWith(new AppError('overloaded', 'Too many texts wait.'));
  const response = await service.post('/classify', { text: 'parcel', labels: LABELS });
  held.release();
  await expectProblem(response, { status: 503, code: 'overloaded' });
});
