import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { AGENT_EXAMPLE } from '../../src/http/routing-examples.ts';
import { registerShipped } from '../../src/learning/adopt-active.ts';
import { prepareClusterExample } from '../_util/cluster-examples.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { createHeldEncoder, type HeldEncoder } from '../_util/held-encoder.ts';
import { listExamples, misfit, type OpenApi, type Operation, readOpenApi } from '../_util/openapi.ts';
import { OPERATIONS } from '../_util/operations.ts';

const ID = '01a20162-58db-746b-8ed4-46b9e0bc5972';
/** The other item that examples name. */
const OTHER_ITEM = '01a20170-3c1e-7a52-9d0b-8f5e2c7a1b64';
const JSON_TYPE = 'application/json';
const PROBLEM_TYPE = 'application/problem+json';

let service: TestService;
let held: HeldEncoder;
let api: OpenApi;
beforeAll(async () => {
  held = createHeldEncoder();
  service = await openTestService({ encoder: held.encoder });
  await addExampleAgent();
  api = readOpenApi(await (await service.request('/openapi.json')).json());
}, OPEN_TIMEOUT_MS);
afterAll(() => service[Symbol.asyncDispose]());

const find = (operationId: string): Operation => {
  const found = api.operations.find((operation) => operation.operationId === operationId);
  if (!found) throw new Error(`${operationId} is not in the document`);
  return found;
};
const bodyExamples = (operation: Operation) =>
  Object.values(operation.requestBody?.content[JSON_TYPE]?.examples ?? {}).map(({ value }) => value);

/** Sends a request and expects its answer as the document declares it for that status. */
async function expectDeclared(operation: Operation, response: Response): Promise<void> {
  const text = await response.text();
  const declared = operation.responses[String(response.status)];
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  const name = `${operation.operationId} ${response.status} ${type}`;
  const media = declared?.content?.[type];
  expect({ name, declared: media !== undefined, text: media ? '' : text }).toEqual({ name, declared: true, text: '' });
  const problem = misfit(media?.schema, type.endsWith('json') ? JSON.parse(text) : text);
  expect({ name, problem }).toEqual({ name, problem: undefined });
}

const makeItem = async () => {
  const stored = await service.post('/v1/feedback', { text: '充值没到账，请帮忙查一下' });
  return ((await stored.json()) as { id: string }).id;
};

/** The agent whom examples name. */
const addExampleAgent = async () => {
  const { load: _, open_items: __, ...agent } = AGENT_EXAMPLE;
  await service.database.kysely
    .insertInto('agent')
    .values({ ...agent, presence: 'available', name_key: 'example' })
    .execute();
};

const makeAgent = async () => {
  const body = { name: randomUUID(), languages: ['zh'], skills: [], capacity: 1 };
  return ((await (await service.post('/v1/agents', body)).json()) as { id: string }).id;
};

/** A draft that nobody has decided about. */
const makeDraft = async () => {
  const made = await service.post(`/v1/feedback/${await makeItem()}/drafts`, {});
  return ((await made.json()) as { drafts: { id: string }[] }).drafts[0]?.id ?? '';
};

const makeArticle = async () => {
  const body = {
    slug: randomUUID(),
    language: 'en',
    title: 'Parking',
    topics: [],
    owner: 'general',
    body: 'In the yard.',
  };
  return ((await (await service.post('/v1/knowledge/articles', body)).json()) as { id: string }).id;
};

/** Of a new agent, draft or article, where the operation is about one. */
const makeSubject = async ({ path }: Operation) => {
  if (path.startsWith('/v1/agents/')) return await makeAgent();
  if (path.startsWith('/v1/drafts/')) return await makeDraft();
  return path.startsWith('/v1/knowledge/') ? await makeArticle() : undefined;
};

/** A calendar in use; `other` for what is no calendar. */
const calendarOr = (other: string, { path }: Operation) => (path.startsWith('/v1/calendars') ? 'business' : other);

/** An item on which the operation can be done. */
const makeItemFor = async (operationId: string) => {
  const id = await makeItem();
  if (operationId === 'rateSolution')
    await service.post(`/v1/feedback/${id}/transitions`, { to: 'resolved', resolution: 'solved' });
  if (operationId === 'unmergeFeedback')
    await service.post(`/v1/feedback/${id}/merge`, { into: await makeItem(), reason: 'the same' });
  return id;
};

const send = (operation: Operation, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  service.request(path, {
    method: operation.method.toUpperCase(),
    headers: { 'content-type': JSON_TYPE, ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });

const call = (
  operation: Operation,
  init: { body?: unknown; query?: string; headers?: Record<string, string> } = {},
) => {
  const at = operation.path
    .replace('{id}', ID)
    .replace('{version}', 'none')
    .replace('{name}', 'none')
    .replace('{key}', 'payments')
    .replace('{link}', ID);
  return send(operation, at + (init.query ?? ''), init.body, init.headers);
};

describe('the document', () => {
  test('is there for whoever asks, and the page that shows it loads nothing from elsewhere', async () => {
    const page = await service.request('/docs');
    const html = await page.text();
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(html).toContain('/openapi.json');
    expect(html).not.toMatch(/https?:\/\//);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    const script = await service.request('/docs/scalar.js');
    expect(script.headers.get('content-type')).toMatch(/^text\/javascript/);
    expect((await script.text()).length).toBeGreaterThan(100_000);
  });

  test('names every operation that the service has, once', () => {
    expect(api.operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(OPERATIONS);
    const served = service.app.routes
      .filter(({ method, path }) => method !== 'ALL' && !/^\/(?:docs|openapi)/.test(path))
      .map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    expect(api.operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(served.sort());
    expect(new Set(api.operations.map(({ operationId }) => operationId)).size).toBe(api.operations.length);
  });

  test('declares the tags it uses and the parameters of every path', () => {
    const tags = new Set(api.document.tags.map(({ name }) => name));
    for (const { tags: used, path, parameters } of api.operations) {
      expect(used.filter((tag) => !tags.has(tag))).toEqual([]);
      const inPath = parameters.filter((parameter) => parameter.in === 'path');
      expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
      expect(inPath.every(({ required }) => required)).toBe(true);
    }
  });

  test('says which operations need no key, and they need none', () => {
    const open = api.operations.filter(({ security }) => security?.length === 0).map(({ path }) => path);
    expect(open.sort()).toEqual(['/livez', '/readyz']);
    expect(Object.keys(api.document.components.securitySchemes)).toEqual(['key']);
  });

  test('every operation shows an example, and every example fits its schema', () => {
    for (const operation of api.operations) {
      const { operationId, requestBody } = operation;
      const examples = listExamples(operation);
      expect({ operationId, examples: examples.length > 0 }).toEqual({ operationId, examples: true });
      const misfits = examples.flatMap(({ schema, value }) => misfit(schema, value) ?? []);
      expect({ operationId, misfits }).toEqual({ operationId, misfits: [] });
      if (requestBody) expect(bodyExamples(operation).length).toBeGreaterThan(0);
    }
  });

  test('every answer that has a body shows one', () => {
    for (const { operationId, responses } of api.operations) {
      const bare = Object.entries(responses).filter(([, { content = {} }]) =>
        Object.values(content).some(({ example, examples }) => example === undefined && examples === undefined),
      );
      expect({ operationId, bare: bare.map(([status]) => status) }).toEqual({ operationId, bare: [] });
    }
  });

  test.each(['classify', 'classifyAlias'])('%s declares one message and a batch', (operationId) => {
    const schema = find(operationId).requestBody?.content[JSON_TYPE]?.schema;
    for (const body of [{ text: 'a' }, { items: [{ text: 'a' }] }]) expect(misfit(schema, body)).toBeUndefined();
    for (const body of [{}, { items: [] }, { items: [{}] }, { items: Array(101).fill({ text: 'a' }) }])
      expect(misfit(schema, body)).toBeDefined();
  });

  test('every field of a request and every parameter says what it means', () => {
    const { ClassifyRequest, FeedbackRequest } = api.document.components.schemas;
    for (const { properties } of [ClassifyRequest, FeedbackRequest])
      for (const [name, field] of Object.entries(properties))
        expect([name, field.description]).toEqual([name, expect.any(String)]);
    for (const { operationId, parameters } of api.operations)
      for (const { name, description } of parameters)
        expect([operationId, name, description]).toEqual([operationId, name, expect.any(String)]);
  });

  test('every error is declared as a problem document', () => {
    for (const { operationId, responses } of api.operations) {
      for (const [status, { content }] of Object.entries(responses)) {
        if (Number(status) < 400 || operationId === 'ready') continue;
        expect({ operationId, status, types: Object.keys(content ?? {}) }).toEqual({
          operationId,
          status,
          types: [PROBLEM_TYPE],
        });
      }
    }
  });
});

describe('what the service answers is what the document declares', () => {
  test('every request example', async () => {
    for (const operation of api.operations) {
      for (const body of bodyExamples(operation)) {
        const prepared = await prepareClusterExample(service, operation);
        const id = prepared?.id ?? (await makeSubject(operation)) ?? (await makeItemFor(operation.operationId));
        const path = operation.path.replace('{id}', id).replace('{name}', 'shop').replace('{key}', 'payments');
        const { versions } = service.context.policy;
        // What is published is made from the version in force.
        const kind = /^publish(Rules|Sla|Routing)$/u.exec(operation.operationId)?.[1]?.toLowerCase();
        const parent = Object.entries(versions).find(([name]) => name === kind)?.[1];
        const sent = parent === undefined ? body : { ...Object(body), parent };
        // Another item that an example names is one that is there.
        const text = JSON.stringify(sent);
        const named = prepared?.fill(text) ?? text.replace(OTHER_ITEM, await makeItem());
        const response = await send(operation, path, named);
        expect({ operation: operation.operationId, ok: response.ok }).toMatchObject({ ok: true });
        await expectDeclared(operation, response);
      }
    }
  });

  test('every operation without a body', async () => {
    const id = await makeItem();
    const linked = await service.post(`/v1/feedback/${id}/links`, { kind: 'related_to', to: await makeItem() });
    const [link] = ((await linked.json()) as { items: { id: string }[] }).items;
    const item = (await (await service.request(`/v1/feedback/${id}`)).json()) as { decisions: { id: string }[] };
    await registerShipped(service.context);
    await call(find('defineTaxonomy'), { body: bodyExamples(find('defineTaxonomy'))[0] });
    const bodiless = api.operations.filter(({ method, requestBody }) => method === 'get' || requestBody === undefined);
    // What deletes comes after what reads.
    bodiless.sort((left, right) => Number(left.method === 'delete') - Number(right.method === 'delete'));
    for (const operation of bodiless) {
      const subject = operation.path.includes('/decisions/') ? item.decisions[0]?.id : id;
      const { learned } = service.context;
      const made = await makeSubject(operation);
      const prepared = await prepareClusterExample(service, operation);
      const path = operation.path
        .replace('{id}', made ?? prepared?.id ?? subject ?? '')
        .replace('{version}', /models/u.test(operation.path) ? learned.version : 'shipped')
        .replace('{link}', link?.id ?? '')
        .replace('{name}', calendarOr('none', operation));
      // The head of tests belongs to no encoder, its queue runs nothing, and the calendar is in use.
      const refused: Record<string, number> = {
        activateModel: 409,
        stopTraining: 404,
        stopReclustering: 404,
        deleteCalendar: 422,
      };
      const query = operation.operationId === 'verifyAudit' ? `?subject=${id}` : '';
      const response = await send(operation, path + query);
      expect([200, 202, refused[operation.operationId]]).toContain(response.status);
      await expectDeclared(operation, response);
    }
  });

  test('an item that exists already', async () => {
    const operation = find('submitFeedback');
    const body = { text: '重复', external_id: 'x-1' };
    expect((await call(operation, { body })).status).toBe(201);
    const again = await call(operation, { body });
    expect(again.status).toBe(200);
    await expectDeclared(operation, again);
  });

  test.each<[string, number, Parameters<typeof call>[1]]>([
    ...['classify', 'classifyAlias', 'classifyBatch', 'submitFeedback'].flatMap(
      (operation): [string, number, Parameters<typeof call>[1]][] => [
        [operation, 400, { body: '{' }],
        [operation, 401, { body: '{}', headers: { host: 'evil.example.com' } }],
        [operation, 413, { body: 'x'.repeat(1_048_577) }],
        [operation, 415, { body: '{}', headers: { 'content-type': 'text/plain' } }],
        [operation, 422, { body: '{}' }],
      ],
    ),
    ['submitFeedback', 409, { body: { text: 'another text', external_id: 'x-1' } }],
    ['listFeedback', 401, { headers: { host: 'evil.example.com' } }],
    ['listFeedback', 422, { query: '?limit=0' }],
    ['getFeedback', 401, { headers: { host: 'evil.example.com' } }],
    ['getFeedback', 404, {}],
    ['addNote', 404, { body: { text: 'a' } }],
    ['addNote', 422, { body: {} }],
    ['listNotes', 404, {}],
    ['addWatcher', 404, {}],
    ['addLink', 404, { body: { kind: 'related_to', to: OTHER_ITEM } }],
    ['removeLink', 404, {}],
    ['mergeFeedback', 404, { body: { into: OTHER_ITEM, reason: 'a' } }],
    ['unmergeFeedback', 404, { body: { reason: 'a' } }],
    ['splitFeedback', 404, { body: { text: 'a', reason: 'a' } }],
    ['addMessage', 404, { body: { direction: 'inbound', text: 'a' } }],
    ['addMessage', 422, { body: {} }],
    ['rateSolution', 404, { body: { score: 1, solved: true } }],
    ['setPriority', 422, { body: {} }],
    ['listHistory', 404, {}],
    ['listForgotten', 422, { query: '?limit=0' }],
    ['verifyAudit', 422, {}],
    ['correctFeedback', 404, { body: { confirm: true } }],
    ['correctFeedback', 422, { body: {} }],
    ['listCorrections', 404, {}],
    ['replayDecision', 404, {}],
    ['getModel', 404, {}],
    ['activateModel', 404, {}],
    ['downloadModel', 404, {}],
    ['getRules', 404, {}],
    ['activateRules', 404, {}],
    ['validateRules', 400, { body: '{' }],
    ['validateRules', 422, { body: { document: [] } }],
    ['dryRunRules', 422, { body: { document: {}, last: 1 } }],
    ['publishRules', 422, { body: { document: {} } }],
    ['publishRules', 415, { body: 'a', headers: { 'content-type': 'text/plain' } }],
    ['explainRules', 422, { body: {} }],
    ['getArticle', 404, {}],
    ['retireArticle', 404, {}],
    ['createArticle', 422, { body: {} }],
    ['searchKnowledge', 422, { body: {} }],
    ['listReviewQueue', 422, { query: '?limit=101' }],
    ['getTaxonomy', 404, {}],
    ['deleteTaxonomy', 404, {}],
    ['defineTaxonomy', 400, { body: '{' }],
    ['defineTaxonomy', 422, { body: { labels: [] } }],
    ['classify', 422, { body: { text: 'a', taxonomy: 'none' } }],
    ['createAgent', 422, { body: {} }],
    ['getAgent', 404, {}],
    ['changeAgent', 404, { body: { capacity: 2 } }],
    ['removeAgent', 404, {}],
    ['removeAgent', 422, { query: '?items=drop' }],
    ['assignFeedback', 404, { body: { release: true } }],
    ['assignFeedback', 422, { body: {} }],
    ['claimNext', 422, { body: {} }],
    ['listClusters', 422, { query: '?order=age' }],
    ['getCluster', 404, {}],
    ['renameCluster', 404, { body: { title: { en: 'a' } } }],
    ['mergeClusters', 422, { body: { into: ID } }],
    ['splitCluster', 422, { body: {} }],
    ['moveClusterItems', 404, { body: { items: [ID], to: null } }],
    ['setClusterStatus', 422, { body: {} }],
    ['tellCustomers', 404, { body: { customers: [ID] } }],
    ['getClusterTimeline', 422, { query: '?by=year' }],
    ['acknowledgeAlert', 404, { body: {} }],
    ['metrics', 401, { headers: { host: 'evil.example.com' } }],
  ])('%s %i', async (operationId, status, init) => {
    const operation = find(operationId);
    const response = await call(operation, init);
    expect(response.status).toBe(status);
    await expectDeclared(operation, response);
  });

  test.each(['classify', 'classifyAlias', 'submitFeedback'])('%s 500 and 503', async (operationId) => {
    const operation = find(operationId);
    for (const [status, error] of [
      [500, new Error('boom')],
      [503, new AppError('overloaded', 'Too many texts wait.')],
    ] as const) {
      held.failWith(error);
      const response = await call(operation, { body: { text: 'hello' } });
      held.release();
      expect(response.status).toBe(status);
      await expectDeclared(operation, response);
    }
  });

  test('submitFeedback 507: a full disk keeps nothing', async () => {
    const { kysely } = service.database;
    await sql`create function disk_full() returns trigger language plpgsql as
      $$ begin raise exception 'full' using errcode = '53100'; end $$`.execute(kysely);
    await sql`create trigger disk_full before insert on outbox for each row execute function disk_full()`.execute(
      kysely,
    );
    const operation = find('submitFeedback');
    const response = await call(operation, { body: { text: '磁盘满了' } });
    await sql`drop trigger disk_full on outbox`.execute(kysely);
    expect(response.status).toBe(507);
    await expectDeclared(operation, response);
    const kept = await kysely.selectFrom('feedback').select('id').where('body', '=', '磁盘满了').execute();
    expect(kept).toEqual([]);
  });
});
