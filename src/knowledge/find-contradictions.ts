import { z } from 'zod';
import type { Context } from '../context.ts';
import { cosineDistance, parseVector } from '../db/vector.ts';
import { ARTICLE_LANGUAGES, type Article } from './article.ts';
import { findContradictions, readStatements } from './contradiction.ts';
import { articleOf, type Db, fullRows, getRow } from './rows.ts';
import { type ArticleView, articleViewSchema } from './view.ts';

/** Parts that are looked up by, and the nearest parts of other articles to each, in each language. */
const MAX_PARTS = 12;
const NEAREST = 10;
/** Views that are embedded as passages: only alike ones can be compared. */
const PASSAGES = ['title', 'chunk'];
/** As many as anybody reads. */
const MAX_FOUND = 10;

export const contradictionSchema = z
  .object({
    article_id: z.uuid(),
    slug: z.string(),
    language: z.enum(ARTICLE_LANGUAGES),
    title: z.string(),
    kind: z
      .enum(['figure', 'negation'])
      .describe('`figure`: another fee, limit or time for the same. `negation`: one says what the other denies.'),
    own: z.string().describe('What this article says.'),
    other: z.string().describe('What the other one says.'),
  })
  .meta({ id: 'ArticleContradiction' });
export type ArticleContradiction = z.infer<typeof contradictionSchema>;

/** An article with what other valid articles say against it. */
export const checkedArticleSchema = articleViewSchema
  .extend({
    contradictions: z
      .array(contradictionSchema)
      .describe('Sentences of other articles, valid on a day with this one, that cannot both be true. A warning.'),
  })
  .meta({ id: 'Article' });
export type CheckedArticle = z.infer<typeof checkedArticleSchema>;

type Source = Pick<Context, 'database' | 'encoder' | 'knowledge'>;

/** The article with its contradictions; a retired one contradicts nothing. @throws AppError of the database */
export async function withContradictions(context: Source, article: ArticleView): Promise<CheckedArticle> {
  const contradictions = article.validity === 'retired' ? [] : await contradictionsOf(context, article.id);
  return { ...article, contradictions };
}

/**
 * What articles about something near, and translations, say against an article, as far as both are valid on one day.
 *
 * @throws AppError `not_found`
 */
export async function contradictionsOf(
  { database, encoder, knowledge }: Source,
  id: string,
): Promise<ArticleContradiction[]> {
  const db = database.kysely;
  const row = await getRow(db, id);
  const own = articleOf(row);
  const reader = await knowledge.words();
  const near = await findNear(db, encoder.info.hash, row);
  const others = await fullRows(db)
    .where('retired_at', 'is', null)
    .where('article.id', '!=', id)
    .where(({ or, eb }) => or([eb('slug', '=', row.slug), ...(near.length > 0 ? [eb('article.id', 'in', near)] : [])]))
    .orderBy('article.id')
    .execute();
  const statements = readStatements(reader, own);
  const found = others.flatMap((other): ArticleContradiction[] => {
    const { id: article_id, slug, language, title } = other;
    const article = articleOf(other);
    if (!meet(own, article)) return [];
    return findContradictions(statements, readStatements(reader, article)).map((contradiction) =>
      contradictionSchema.parse({ article_id, slug, language, title, ...contradiction }),
    );
  });
  return found.slice(0, MAX_FOUND);
}

/** Articles of either language, other than translations, of which a part lies near a part of this one. */
async function findNear(
  db: Db,
  modelHash: string,
  { id, slug }: { readonly id: string; readonly slug: string },
): Promise<string[]> {
  const parts = await db
    .selectFrom('article_chunk')
    .select('embedding')
    .where('article_id', '=', id)
    .where('model_hash', '=', modelHash)
    .where('kind', 'in', PASSAGES)
    .limit(MAX_PARTS)
    .execute();
  const near = new Set<string>();
  const lookups = parts.flatMap(({ embedding }) => ARTICLE_LANGUAGES.map((language) => ({ embedding, language })));
  for (const { embedding, language } of lookups) {
    const rows = await db
      .selectFrom('article_chunk')
      .innerJoin('article', 'article.id', 'article_chunk.article_id')
      .select('article_id')
      .where('article.language', '=', language)
      .where('model_hash', '=', modelHash)
      .where('kind', 'in', PASSAGES)
      .where('article.retired_at', 'is', null)
      .where('article.slug', '!=', slug)
      .orderBy(cosineDistance('embedding', parseVector(embedding)))
      .limit(NEAREST)
      .execute();
    for (const { article_id } of rows) near.add(article_id);
  }
  return [...near];
}

/** Whether both are valid on one day. */
function meet(left: Article, right: Article): boolean {
  const begins = [left.valid_from, right.valid_from].map((day) => day ?? '').sort()[1] ?? '';
  const ends = [left.valid_until, right.valid_until].map((day) => day ?? '9999').sort()[0] ?? '9999';
  return begins <= ends;
}
