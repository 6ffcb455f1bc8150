import type { Kysely, Selectable, Transaction } from 'kysely';
import { validate as isUuid } from 'uuid';
import type { ArticleTable, ArticleVersionTable } from '../db/knowledge-tables.ts';
import type { Tables } from '../db/tables.ts';
import { AppError } from '../errors.ts';
import { type Article, articleSchema, validityOf } from './article.ts';
import { type ArticleSummary, type ArticleView, articleSummarySchema } from './view.ts';

export type Db = Kysely<Tables> | Transaction<Tables>;
export type ArticleRow = Selectable<ArticleTable>;
/** An article with what it says now. */
export type FullRow = ArticleRow & Omit<Selectable<ArticleVersionTable>, 'version' | 'article_id'>;

const CONTENT = [
  'title',
  'body',
  'topics',
  'owner',
  'audience',
  'applies_to',
  'valid_from',
  'valid_until',
  'review_by',
  'at',
  'actor',
  'note',
  'hash',
] as const;

/** Articles with what they say now. */
export function fullRows(db: Db) {
  return db
    .selectFrom('article')
    .innerJoin('article_version', (join) =>
      join
        .onRef('article_version.article_id', '=', 'article.id')
        .onRef('article_version.version', '=', 'article.content_version'),
    )
    .selectAll('article')
    .select(CONTENT.map((name) => `article_version.${name}` as const));
}

/** @throws AppError `not_found` */
export async function getRow(db: Db, id: string): Promise<FullRow> {
  const row = isUuid(id) ? await fullRows(db).where('article.id', '=', id).executeTakeFirst() : undefined;
  if (row === undefined) throw noSuchArticle();
  return row;
}

/** The article, which nobody else changes until the transaction ends. @throws AppError `not_found` */
export async function lockRow(tx: Transaction<Tables>, id: string): Promise<FullRow> {
  if (!isUuid(id)) throw noSuchArticle();
  await tx.selectFrom('article').select('id').where('id', '=', id).forUpdate().executeTakeFirst();
  return await getRow(tx, id);
}

export function noSuchArticle(): AppError {
  return new AppError(
    'not_found',
    'There is no article with this id. GET /v1/knowledge/articles lists those there are.',
  );
}

/** What a row says, as it was written. */
export function articleOf(row: FullRow): Article {
  const { slug, language, title, body, topics, owner, audience, applies_to, valid_from, valid_until, review_by } = row;
  return articleSchema.parse({
    ...{ slug, language, title, body, topics, owner, audience, applies_to, valid_from, valid_until, review_by },
  });
}

/** Rows as the API shows them, with their translations. */
export async function toSummaries(db: Db, rows: readonly FullRow[], now: Date): Promise<ArticleSummary[]> {
  const today = now.toISOString().slice(0, 10);
  const slugs = [...new Set(rows.map(({ slug }) => slug))];
  const family =
    slugs.length === 0
      ? []
      : await db
          .selectFrom('article')
          .select(['id', 'slug', 'language'])
          .where('slug', 'in', slugs)
          .where('retired_at', 'is', null)
          .orderBy('language')
          .execute();
  return rows.map((row) =>
    articleSummarySchema.parse({
      ...row,
      validity: row.retired_at === null ? validityOf(row, today) : 'retired',
      translations: family
        .filter(({ id, slug }) => slug === row.slug && id !== row.id)
        .map(({ id, language }) => ({ id, language })),
      created_at: row.created_at.toISOString(),
      updated_at: row.updated_at.toISOString(),
    }),
  );
}

export async function toArticleView(db: Db, row: FullRow, now: Date): Promise<ArticleView> {
  const [summary] = await toSummaries(db, [row], now);
  if (summary === undefined) throw noSuchArticle();
  return { ...summary, body: row.body };
}
