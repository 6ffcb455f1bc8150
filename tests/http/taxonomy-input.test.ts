import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestService, type TestService } from '../_util/context.ts';
import { OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { expectProblem } from '../_util/problem.ts';
import { label, SHOP } from '../_util/taxonomy.ts';

/** Stands in every refused value; no answer may repeat it. */
const MARK = 'Zaphod4711';
const many = (count: number) => Array.from({ length: count }, (_, at) => label(`label_${at}`, '标签', []));
const texts = (count: number) => Array.from({ length: count }, (_, at) => `${MARK} ${at}`);

let service: TestService;
beforeAll(async () => {
  service = await openTestService();
}, OPEN_TIMEOUT_MS);
afterAll(() => service[Symbol.asyncDispose]());

const put = (name: string, body: unknown) => service.put(`/v1/taxonomies/${name}`, body);
const expectRefusal = async (response: Response, ...pointers: string[]) => {
  const problem = await expectProblem(response, { status: 422, code: 'invalid_input', pointers });
  expect(JSON.stringify(problem)).not.toContain(MARK);
  return problem;
};

describe('PUT /v1/taxonomies/{name} refuses', () => {
  afterAll(async () => {
    expect(await service.database.kysely.selectFrom('taxonomy').select('name').execute()).toEqual([]);
    expect(service.enqueued).toEqual([]);
  });

  test.each<[string, unknown, string[]]>([
    ['no labels', {}, ['/labels']],
    ['one label', { labels: SHOP.slice(0, 1) }, ['/labels']],
    ['1 001 labels', { labels: many(1_001) }, ['/labels']],
    ['one label that is not retired', { labels: [SHOP[0], { ...SHOP[1], retired: true }] }, ['/labels']],
    ['a key that is there twice', { labels: [...SHOP, SHOP[0]] }, ['/labels/3/key']],
    ['a key in capitals', { labels: [...SHOP, label(MARK, '标签', [])] }, ['/labels/3/key']],
    ['a name without Chinese', { labels: [...SHOP, { key: 'a', name: { en: MARK } }] }, ['/labels/3/name/zh']],
    ['an empty name', { labels: [...SHOP, { key: 'a', name: { zh: ' ', en: MARK } }] }, ['/labels/3/name/zh']],
    ['an unknown field', { labels: SHOP, extra: MARK }, ['/extra']],
    [
      'an unknown field of a label',
      { labels: [...SHOP, { ...label('a', '标签', []), weight: 1 }] },
      ['/labels/3/weight'],
    ],
    ['201 examples', { labels: [...SHOP, label('a', '标签', texts(201))] }, ['/labels/3/examples']],
    ['an empty text', { labels: [...SHOP, label('a', '标签', [''])] }, ['/labels/3/examples/0']],
    ['a text that nobody can see', { labels: [...SHOP, label('a', '标签', ['\u200b'])] }, ['/labels/3/examples/0']],
    ['2 001 characters', { labels: [...SHOP, label('a', '标签', ['x'.repeat(2_001)])] }, ['/labels/3/examples/0']],
    ['U+0000', { labels: [...SHOP, label('a', '标签', ['a\u0000'])] }, ['/labels/3/examples/0']],
    ['10 001 examples in all', { labels: many(51).map((one) => ({ ...one, examples: texts(197) })) }, ['/labels']],
  ])('%s', async (_name, body, pointers) => {
    await expectRefusal(await put('shop', body), ...pointers);
  });

  test.each([MARK, 'a-b', '1a', 'a'.repeat(65), '%E5%BA%97'])('the name %s', async (name) => {
    await expectRefusal(await put(name, { labels: SHOP }), '/name');
  });
});

describe('POST /classify refuses', () => {
  const two = [{ name: 'one' }, { name: 'two' }];
  test.each<[string, object, string[]]>([
    ['a taxonomy that is not set up', { taxonomy: MARK }, ['/taxonomy']],
    ['taxonomy and labels', { taxonomy: 'default', labels: two }, ['/labels']],
    ['one label', { labels: two.slice(1) }, ['/labels']],
    ['101 labels', { labels: texts(101).map((name) => ({ name })) }, ['/labels']],
    ['two labels of one name', { labels: [{ name: MARK }, { name: MARK }] }, ['/labels/1/name']],
    ['21 examples', { labels: [...two, { name: 'a', examples: texts(21) }] }, ['/labels/2/examples']],
    ['an empty example', { labels: [...two, { name: 'a', examples: [''] }] }, ['/labels/2/examples/0']],
    ['a label without a name', { labels: [...two, { description: MARK }] }, ['/labels/2/name']],
    ['an unknown field of a label', { labels: [...two, { name: 'a', key: MARK }] }, ['/labels/2/key']],
  ])('%s', async (_name, body, pointers) => {
    await expectRefusal(await service.post('/classify', { text: 'a', ...body }), ...pointers);
  });

  test('a taxonomy that is not set up, listing those there are', async () => {
    await put('shop', { labels: SHOP });
    const problem = await expectRefusal(await service.post('/classify', { text: 'a', taxonomy: 'shops' }), '/taxonomy');
    expect(problem.errors?.[0]?.message).toContain('default, shop');
  });

  test('labels for feedback that is kept', async () => {
    await expectRefusal(await service.post('/v1/feedback', { text: 'a', labels: two }), '/labels');
  });
});

test('a correction that names a label that is not there any more is told which there are', async () => {
  const { id } = (await (await service.post('/v1/feedback', { text: '充值没到账' })).json()) as { id: string };
  const response = await service.post(`/v1/feedback/${id}/corrections`, { type: 'fax', topics: ['telex'] });
  const problem = await expectProblem(response, {
    status: 422,
    code: 'invalid_input',
    pointers: ['/type', '/topics/0'],
  });
  expect(problem.errors?.[0]?.message).toContain('technical_issue');
  expect(problem.errors?.[1]?.message).toContain('withdrawal');
});
