import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkedArticleSchema } from '../../src/knowledge/find-contradictions.ts';
import { type DraftsView, draftsSchema } from '../../src/replies/view.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { Items } from '../_util/items.ts';

describeOnEngines('drafts for what is open', (engine) => {
  let service: TestService;
  let items: Items;
  beforeAll(async () => {
    service = await openTestService({ engine });
    items = new Items(service);
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  const draft = async (id: string): Promise<DraftsView> => draftsSchema.parse(await items.done(id, 'drafts', {}));
  const answer = async (id: string) => {
    const [best] = (await draft(id)).drafts;
    if (best === undefined) throw new Error('there is no draft');
    expect((await service.post(`/v1/drafts/${best.id}/accept`, {})).status).toBe(200);
    return best.text;
  };
  const write = (id: string, text: string) => items.done(id, 'messages', { direction: 'inbound', text });

  test('after an answer there is nothing to draft until the customer writes again', async () => {
    const id = await items.submit('我的提现 500 USDT 两天了还没到账');
    const sent = await answer(id);
    expect(await draft(id)).toMatchObject({ drafts: [], none: { code: 'answered' } });
    await write(id, '提现单号 W20261110081240');
    const { drafts, facts } = await draft(id);
    expect(drafts.length).toBeGreaterThan(0);
    expect(facts.map(({ text, start }) => [text, start])).toEqual([
      ['500 USDT', 5],
      ['W20261110081240', null],
    ]);
    for (const { text } of drafts) {
      expect(text).not.toBe(sent);
      expect(text).not.toMatch(/请把提现编号|麻烦发一下提现编号/u);
    }
  });

  test.each([
    ['我的提现 500 USDT 两天了还没到账', '已经到账了，谢谢你们'],
    ['My withdrawal of 500 USDT has not arrived', 'It has arrived now, thank you so much!'],
  ])('thanks need no draft: %s', async (text, thanks) => {
    const id = await items.submit(text);
    await answer(id);
    await write(id, thanks);
    expect(await draft(id)).toMatchObject({ drafts: [], none: { code: 'content' } });
  });

  test('a later hint of self-harm gets the crisis wording, whatever was answered', async () => {
    const id = await items.submit('My withdrawal of 500 USDT has not arrived');
    await answer(id);
    await write(id, 'I cannot take this any more, I want to end my life');
    const made = await draft(id);
    expect(made.situation).toBe('crisis');
  });

  const article = (slug: string, language: string, title: string, body: string) =>
    service.post('/v1/knowledge/articles', { slug, language, title, body, topics: ['withdrawal'], owner: 'payments' });
  const added = async (response: Response) => {
    expect(response.status).toBe(201);
    return checkedArticleSchema.parse(await response.json());
  };

  test('articles that contradict each other are told of when they are written, and read', async () => {
    const first = await added(await article('cost', 'zh', '提现要多少手续费', '提现手续费为每笔 1 USDT。'));
    expect(first.contradictions).toEqual([]);
    const second = await added(await article('price', 'zh', '提现收费说明', '每笔提现收取 2 USDT 手续费。'));
    expect(second.contradictions).toMatchObject([
      { article_id: first.id, slug: 'cost', kind: 'figure', own: '每笔提现收取 2 USDT 手续费。' },
    ]);
    const translated = await added(
      await article('cost', 'en', 'What a withdrawal costs', 'Withdrawals cost 3 USDT each.'),
    );
    // Its translation, and an article of the other language that says of the same what neither says.
    expect(translated.contradictions).toMatchObject([
      { article_id: first.id, language: 'zh', kind: 'figure' },
      { article_id: second.id, slug: 'price', language: 'zh', kind: 'figure' },
    ]);
    const read = await service.request(`/v1/knowledge/articles/${first.id}`);
    expect(checkedArticleSchema.parse(await read.json()).contradictions).toHaveLength(2);
    const other = await service.post('/v1/knowledge/articles', {
      ...{ slug: 'terms', language: 'en', title: 'Terms', body: 'Withdrawals cost 9 USDT each.' },
      ...{ topics: ['education'], owner: 'payments' },
    });
    const slugs = (await added(other)).contradictions.map(({ slug, language }) => `${language}/${slug}`);
    expect(slugs).toEqual(['en/cost']);
  });

  test('one that is valid only when the other is not contradicts nothing', async () => {
    const body = { topics: ['withdrawal'], owner: 'payments', language: 'en' };
    const old = {
      ...body,
      slug: 'old-limit',
      title: 'Daily limit',
      body: 'The daily limit for withdrawals is 50,000 USD.',
    };
    await added(await service.post('/v1/knowledge/articles', { ...old, valid_until: '2026-01-31' }));
    const now = { ...body, slug: 'new-limit', title: 'Daily limit', body: 'You may withdraw at most $20,000 a day.' };
    const later = await added(await service.post('/v1/knowledge/articles', { ...now, valid_from: '2026-02-01' }));
    expect(later.contradictions).toEqual([]);
  });
});
