import { z } from 'zod';
import type { Context } from '../context.ts';
import { decodeCursor, toPage } from '../db/paginate.ts';
import { type PageQuery, pageQuerySchema } from '../feedback/page-query.ts';
import { ARTICLE_LANGUAGES } from './article.ts';
import { fullRows, getRow, toArticleView, toSummaries } from './rows.ts';
import { type ArticleSummary, type ArticleVersionView, type ArticleView, articleVersionSchema } from './view.ts';

type Source = Pick<Context, 'database' | 'now'>;

const word = z.string().min(1, 'must not be empty').max(100);

/** The filters of `GET /v1/knowledge/articles`; all of them must hold. */
export const articleQuerySchema = z.strictObject({
  ...pageQuerySchema.shape,
  language: z.enum(ARTICLE_LANGUAGES).optional().describe('Language of the article.').meta({ example: 'zh' }),
  slug: word.optional().describe('All translations of one article.').meta({ example: 'fees-overview' }),
  topic: word.optional().describe('A topic that it is about.').meta({ example: 'withdrawal' }),
  owner: word.optional().describe('The queue that keeps it true.').meta({ example: 'payments' }),
  retired: z.enum(['true', 'false']).default('false').describe('`true`: only those that are not found any more.'),
});
export type ArticleQuery = z.infer<typeof articleQuerySchema>;

/** A page of articles without their bodies, in the order in which they were added. */
export async function listArticles(
  { database, now }: Source,
  { limit, cursor, language, slug, topic, owner, retired }: ArticleQuery,
): Promise<{ items: ArticleSummary[]; next_cursor: string | null }> {
  const db = database.kysely;
  const rows = await fullRows(db)
    .$if(cursor !== undefined, (query) => query.where('article.id', '>', decodeCursor('uuid', cursor ?? '')))
    .$if(language !== undefined, (query) => query.where('language', '=', language ?? ''))
    .$if(slug !== undefined, (query) => query.where('slug', '=', slug ?? ''))
    .$if(owner !== undefined, (query) => query.where('owner', '=', owner ?? ''))
    .$if(topic !== undefined, (query) => query.where(({ eb, val }) => eb(val(topic ?? ''), '=', eb.fn.any('topics'))))
    .where('retired_at', retired === 'true' ? 'is not' : 'is', null)
    .orderBy('article.id')
    .limit(limit + 1)
    .execute();
  const { items, nextCursor } = toPage(rows, limit, 'uuid', ({ id }) => id);
  return { items: await toSummaries(db, items, now()), next_cursor: nextCursor };
}

/** @throws AppError `not_found` */
export async function getArticle({ database, now }: Source, id: string): Promise<ArticleView> {
  return await toArticleView(database.kysely, await getRow(database.kysely, id), now());
}

/** What an article has said, newest first. @throws AppError `not_found`, `invalid_input` for a cursor */
export async function listVersions(
  { database }: Source,
  id: string,
  { limit, cursor }: PageQuery,
): Promise<{ items: ArticleVersionView[]; next_cursor: string | null }> {
  const { id: known } = await getRow(database.kysely, id);
  const rows = await database.kysely
    .selectFrom('article_version')
    .selectAll()
    .where('article_id', '=', known)
    .$if(cursor !== undefined, (query) => query.where('version', '<', Number(decodeCursor('seq', cursor ?? ''))))
    .orderBy('version', 'desc')
    .limit(limit + 1)
    .execute();
  const { items, nextCursor } = toPage(rows, limit, 'seq', ({ version }) => String(version));
  const views = items.map((row) => articleVersionSchema.parse({ ...row, at: row.at.toISOString() }));
  return { items: views, next_cursor: nextCursor };
}
