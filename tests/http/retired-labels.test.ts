import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Context } from '../../src/context.ts';
import { createApp } from '../../src/http/app.ts';
import { Precedents } from '../../src/learning/precedents.ts';
import { recallPrecedents } from '../../src/learning/recall-precedents.ts';
import { PolicyInForce } from '../../src/policies/policy-in-force.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { createIdleQueue } from '../_util/jobs.ts';
import { expectProblem } from '../_util/problem.ts';

let service: TestService;
/** The service after `praise` and the topic `education` were retired from the shipped taxonomy. */
let later: Context;
beforeAll(async () => {
  service = await openTestService();
  const { policy } = service.context;
  const { types, topics } = policy.taxonomy;
  const taxonomy = {
    ...policy.taxonomy,
    types: types.filter(({ key }) => key !== 'praise'),
    topics: topics.filter(({ key }) => key !== 'education'),
    retired: [
      { group: 'types' as const, key: 'praise', name: { zh: '表扬', en: 'Praise' } },
      { group: 'topics' as const, key: 'education', name: { zh: '教程', en: 'Education' } },
    ],
  };
  later = { ...service.context, policy: new PolicyInForce({ ...policy.current, taxonomy }) };
}, OPEN_TIMEOUT_MS);
afterAll(() => service[Symbol.asyncDispose]());

const ask = async (method: string, path: string, body?: unknown) =>
  await createApp(later, createIdleQueue()).request(path, {
    method,
    headers: { host: 'localhost', 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const submit = async (text: string) => {
  const answer = await service.post('/v1/feedback', { text });
  return ((await answer.json()) as { id: string }).id;
};
const expectRetired = async (response: Response, pointer: string, known: string) => {
  const { errors } = (await response.clone().json()) as { errors: { pointer: string; message: string }[] };
  await expectProblem(response, { status: 422, code: 'invalid_input', pointers: [pointer] });
  expect(errors[0]?.message).toMatch(new RegExp(`is a retired label.*must be one of: .*${known}`));
};

test.each([
  ['a correction', 'type', { type: 'praise' }, '/type', 'technical_issue'],
  ['a correction', 'topic', { topics: ['deposit', 'education'] }, '/topics/1', 'withdrawal'],
])('%s that names a retired %s is refused with those there are', async (_, __, body, pointer, known) => {
  const id = await submit(`谢谢 ${pointer}`);
  await expectRetired(await ask('POST', `/v1/feedback/${id}/corrections`, body), pointer, known);
});

test.each([
  ['type', 'praise', 'technical_issue'],
  ['topic', 'education', 'withdrawal'],
])(
  'a list by a retired %s is refused with those there are; one by a name that never was is empty',
  async (field, key, known) => {
    await expectRetired(await ask('GET', `/v1/feedback?${field}=${key}`), `/${field}`, known);
    const none = await ask('GET', `/v1/feedback?${field}=weather`);
    expect(await none.json()).toMatchObject({ items: [] });
  },
);

test('what stands and is retired cannot be confirmed, but replaced; it is given to no near-duplicate', async () => {
  const text = 'zorblax quimby flux, the lessons are great';
  const id = await submit(text);
  await service.post(`/v1/feedback/${id}/corrections`, { type: 'praise', topics: ['education', 'deposit'] });
  const confirmed = await ask('POST', `/v1/feedback/${id}/corrections`, { confirm: true });
  await expectProblem(confirmed, { status: 422, code: 'invalid_input', pointers: ['/confirm', '/confirm'] });

  const precedents = new Precedents();
  await recallPrecedents({ ...later, precedents });
  const { vector } = await later.encoder.embed(text);
  const settled = precedents.find(vector, later.learned.head.model.mean, () => ({ certain: [], possible: [] }));
  expect(settled?.values).toEqual({ topics: ['deposit'] });

  const replaced = await ask('POST', `/v1/feedback/${id}/corrections`, {
    confirm: true,
    type: 'other',
    topics: ['deposit'],
  });
  expect(replaced.status).toBe(201);
});

test('the taxonomy shows what was retired', async () => {
  const shown = await (await ask('GET', '/v1/taxonomies/default')).json();
  expect(shown).toMatchObject({ report: { retired: 2 }, retired_labels: [{ key: 'praise' }, { key: 'education' }] });
});
