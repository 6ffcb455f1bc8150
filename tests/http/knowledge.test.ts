import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { checkedArticleSchema } from '../../src/knowledge/find-contradictions.ts';
import { importArticles } from '../../src/knowledge/import.ts';
import { searchAnswerSchema } from '../../src/knowledge/search.ts';
import { articleSummarySchema, articleVersionSchema } from '../../src/knowledge/view.ts';
import { auditOf, eventsOf } from '../_util/agents.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { expectProblem } from '../_util/problem.ts';

const NOW = new Date('2026-11-22T08:00:00Z');
const strictArticle = z.strictObject(checkedArticleSchema.shape);
const strictSummary = z.strictObject(articleSummarySchema.shape);
const PATH = '/v1/knowledge/articles';

const parking = {
  slug: 'parking-garage',
  language: 'en',
  title: 'Where to leave a bicycle at the office',
  topics: ['customer_service'],
  owner: 'general',
  body: 'Bicycles stand in the yard.\n\n## Steps\n\n1. Ring at the gate.\n2. Show the pass to the porter.',
};
const zh = {
  ...parking,
  language: 'zh',
  title: '自行车停在哪里',
  body: '自行车停在院子里。\n\n## 步骤\n\n1. 请按门铃。',
};

describeOnEngines('knowledge', (engine) => {
  let service: TestService;
  beforeAll(async () => {
    service = await openTestService({ engine, now: () => NOW });
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    service.request(path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const add = async (article: object) => {
    const answer = await service.post(PATH, article);
    expect(answer.status).toBe(201);
    return strictArticle.parse(await answer.json());
  };
  const search = async (request: object) => {
    const answer = await service.post('/v1/knowledge/search', request);
    expect(answer.status).toBe(200);
    return searchAnswerSchema.parse(await answer.json());
  };
  const list = async (query: string) => {
    const answer = await service.request(`${PATH}?${query}`);
    expect(answer.status).toBe(200);
    return z.object({ items: z.array(strictSummary), next_cursor: z.string().nullable() }).parse(await answer.json());
  };

  test('an article is added, found at once with the sentence that answers, and known by its translation', async () => {
    const created = await service.post(PATH, parking);
    expect(created.status).toBe(201);
    expect(created.headers.get('etag')).toBe('"1"');
    const article = strictArticle.parse(await created.json());
    expect(article).toMatchObject({ ...parking, validity: 'current', source: 'person', translations: [], version: 1 });
    const twin = await add(zh);
    expect(twin.translations).toEqual([{ id: article.id, language: 'en' }]);
    const read = await service.request(created.headers.get('location') ?? '');
    expect(await read.json()).toEqual({ ...article, translations: [{ id: twin.id, language: 'zh' }] });

    const question = { text: 'where can a bicycle be left at your office, do I show the pass', limit: 1 };
    const [passage] = (await search(question)).passages;
    expect(passage).toMatchObject({ article_id: article.id, version: 1, language: 'en', foreign: false });
    for (const { text, start, end } of passage?.sentences ?? []) expect(parking.body.slice(start, end)).toBe(text);
    const [first] = (await search({ text: '自行车停在哪里', limit: 1 })).passages;
    expect(first).toMatchObject({ article_id: twin.id, language: 'zh' });
    const [english] = (await search({ text: '自行车停在哪里', limit: 1, languages: ['en'] })).passages;
    expect(english).toMatchObject({ article_id: article.id, language: 'en' });
    expect(await auditOf(service, article.id)).toMatchObject([{ action: 'article.created', actor: { kind: 'local' } }]);
    expect(await eventsOf(service, article.id)).toEqual(['article.created']);
  });

  test('a change keeps the words before, needs the version that was seen, and is found instead', async () => {
    const { id, ...before } = await add({ ...parking, slug: 'canteen', title: 'Lunch in the canteen' });
    const change = {
      title: 'Lunch in the canteen',
      topics: [],
      owner: 'general',
      body: 'The canteen serves dumplings at noon.',
      note: 'new cook',
    };
    await expectProblem(await send('PUT', `${PATH}/${id}`, change, { 'if-match': '"7"' }), {
      status: 412,
      code: 'precondition_failed',
      pointers: ['/headers/If-Match'],
    });
    const changed = await send('PUT', `${PATH}/${id}`, change, { 'if-match': '"1"' });
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"2"']);
    const again = await send('PUT', `${PATH}/${id}`, change);
    expect(again.headers.get('etag')).toBe('"2"');
    const versions = z
      .object({ items: z.array(z.strictObject(articleVersionSchema.shape)), next_cursor: z.string().nullable() })
      .parse(await (await service.request(`${PATH}/${id}/versions?limit=1`)).json());
    expect(versions.items).toMatchObject([{ version: 2, note: 'new cook', body: change.body }]);
    const rest = await service.request(`${PATH}/${id}/versions?cursor=${versions.next_cursor}`);
    expect(await rest.json()).toMatchObject({ items: [{ version: 1, body: before.body }], next_cursor: null });
    const [passage] = (await search({ text: 'lunch in the canteen: dumplings at noon?', limit: 1 })).passages;
    expect(passage).toMatchObject({ article_id: id, version: 2, text: change.body });
  });

  test('vectors that an earlier release did not make are made when the articles are read, and kept', async () => {
    const db = service.context.database.kysely;
    const article = { ...parking, slug: 'lift', title: 'The lift stands still' };
    const { id } = await add(article);
    const kinds = async () => {
      const rows = await db.selectFrom('article_chunk').select('kind').where('article_id', '=', id).execute();
      return rows.map(({ kind }) => kind).sort();
    };
    const all = ['chunk', 'chunk', 'sentence', 'title', 'title_question'];
    expect(await kinds()).toEqual(all);
    await db.deleteFrom('article_chunk').where('article_id', '=', id).where('kind', '=', 'sentence').execute();
    await add({ ...parking, slug: 'stairs', title: 'The stairs are closed' });
    const [passage] = (await search({ text: 'the lift stands still', limit: 1 })).passages;
    expect(passage).toMatchObject({ article_id: id });
    expect(await kinds()).toEqual(all);
  });

  test('a retired article is not found and not listed, keeps its versions, and a change brings it back', async () => {
    const { id } = await add({ ...parking, slug: 'sauna', title: 'Opening hours of the sauna' });
    const retired = await send('DELETE', `${PATH}/${id}`, undefined, { 'if-match': '"1"' });
    expect(await retired.json()).toMatchObject({ id, validity: 'retired', version: 2, content_version: 1 });
    const found = async () =>
      (await search({ text: 'opening hours of the sauna', limit: 20 })).passages.map(({ article_id }) => article_id);
    expect(await found()).not.toContain(id);
    expect((await list('slug=sauna')).items).toEqual([]);
    expect((await list('slug=sauna&retired=true')).items.map((one) => one.id)).toEqual([id]);
    const { slug: _, language: __, ...content } = { ...parking, title: 'Opening hours of the sauna' };
    await send('PUT', `${PATH}/${id}`, content);
    expect(await found()).toContain(id);
  });

  test('what is expired or not yet valid is not found; what is past its review is marked', async () => {
    const dated = async (slug: string, dates: object) =>
      (await add({ ...parking, slug, title: `Ferry timetable ${slug}`, ...dates })).id;
    const expired = await dated('old', { valid_until: '2026-11-21' });
    const early = await dated('next', { valid_from: '2026-11-23' });
    const stale = await dated('stale', { review_by: '2026-11-21' });
    const { passages } = await search({ text: 'ferry timetable', limit: 20 });
    const ids = passages.map(({ article_id }) => article_id);
    expect([ids.includes(expired), ids.includes(early)]).toEqual([false, false]);
    expect(passages.find(({ article_id }) => article_id === stale)?.validity).toBe('stale');
    const agents = await dated('staff', { audience: 'agent' });
    expect((await search({ text: 'ferry timetable staff' })).passages.map((one) => one.article_id)).not.toContain(
      agents,
    );
    const all = await search({ text: 'ferry timetable staff', audience: 'any' });
    expect(all.passages.map((one) => one.article_id)).toContain(agents);
  });

  test.each([
    ['HTML in the body', { body: 'Hello <script>alert(1)</script>' }, '/body', /HTML/],
    ['an empty body', { body: ' \n## Heading\n' }, '/body', /empty/],
    ['an unknown topic', { topics: ['parking'] }, '/topics/0', /must be one of: account_access/],
    ['an unknown queue', { owner: 'nobody' }, '/owner', /must be one of/],
    ['an unknown type', { applies_to: ['poem'] }, '/applies_to/0', /must be one of/],
    ['a slug with spaces', { slug: 'a b' }, '/slug', /lower-case/],
    ['a day that is none', { valid_from: 'tomorrow' }, '/valid_from', /date/],
    ['an end before the begin', { valid_from: '2026-02-01', valid_until: '2026-01-01' }, '/valid_until', /before/],
    ['an unknown field', { colour: 'red' }, '/colour', /./],
  ])('refuses %s by field', async (_, wrong, pointer, message) => {
    const answer = await service.post(PATH, { ...parking, slug: 'wrong', ...wrong });
    const problem = await expectProblem(answer, { status: 422, code: 'invalid_input', pointers: [pointer] });
    expect(problem.errors?.[0]?.message).toMatch(message);
  });

  test('refuses a slug that is taken, unknown articles, and questions that it cannot read', async () => {
    await add({ ...parking, slug: 'twice' });
    await expectProblem(await service.post(PATH, { ...parking, slug: 'twice' }), {
      status: 409,
      code: 'conflict',
      pointers: ['/slug'],
    });
    for (const path of [`${PATH}/nothing`, `${PATH}/01a20162-58db-746b-8ed4-46b9e0bc5972`])
      await expectProblem(await service.request(path), { status: 404, code: 'not_found' });
    for (const [request, pointer] of [
      [{ text: ' ' }, '/text'],
      [{ text: 'a', topics: ['x'] }, '/topics/0'],
      [{ text: 'a', languages: [] }, '/languages'],
    ] as const)
      await expectProblem(await service.post('/v1/knowledge/search', request), {
        status: 422,
        code: 'invalid_input',
        pointers: [pointer],
      });
  });

  test('an import adds and changes, and leaves alone what a person wrote or retired', async () => {
    const article = (slug: string, body: string) => ({
      name: `${slug}.md`,
      article: {
        ...parking,
        language: 'en' as const,
        slug,
        body,
        valid_from: null,
        valid_until: null,
        review_by: null,
        audience: 'customer' as const,
        applies_to: [],
      },
    });
    const run = (body: string, replaceEdited = false) =>
      importArticles(
        service.context,
        ['tulip', 'rose', 'oak'].map((slug) => article(slug, body)),
        {
          actor: { kind: 'operator', command: 'knowledge import' },
          source: 'import',
          replaceEdited,
        },
      );
    expect(await run('One.')).toMatchObject({ created: 3, problems: [] });
    expect(await run('One.')).toMatchObject({ created: 0, changed: 0, unchanged: 3 });
    const idOf = async (slug: string) => (await list(`slug=${slug}`)).items[0]?.id ?? '';
    const { slug: _, language: __, ...edited } = { ...parking, body: 'Mine.' };
    await send('PUT', `${PATH}/${await idOf('rose')}`, edited);
    await send('DELETE', `${PATH}/${await idOf('oak')}`);
    expect(await run('Two.')).toMatchObject({ changed: 1, kept: ['rose.md', 'oak.md'] });
    const rose = strictArticle.parse(await (await service.request(`${PATH}/${await idOf('rose')}`)).json());
    expect(rose).toMatchObject({ body: 'Mine.', source: 'person' });
    expect((await list('slug=oak')).items).toEqual([]);
    expect(await run('Two.', true)).toMatchObject({ changed: 2, kept: [] });
    const wrong = await importArticles(
      service.context,
      [{ ...article('x', 'One.'), article: { ...article('x', 'One.').article, owner: 'nobody' } }],
      {
        actor: { kind: 'local' },
        source: 'import',
      },
    );
    expect(wrong.problems).toEqual([expect.stringMatching(/^x\.md: \/owner is no queue/)]);
  });
});
