import type { Transaction } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import { isUniqueViolation } from '../db/errors.ts';
import type { Tables } from '../db/tables.ts';
import { AppError } from '../errors.ts';
import type { Actor } from '../feedback/actor.ts';
import { recordChange } from '../feedback/record-change.ts';
import type { Article } from './article.ts';
import { checkArticle } from './check-article.ts';
import { getRow, toArticleView } from './rows.ts';
import type { ArticleView } from './view.ts';
import { type EmbeddedView, embedViews, hashOf, insertVersion } from './write-article.ts';

/**
 * Adds an article; one of the same slug in the other language is its translation.
 *
 * @throws AppError `invalid_input`, `conflict` when slug and language are taken, and those of the encoder
 */
export async function createArticle(
  { database, policy, encoder, now }: Context,
  article: Article,
  { actor, signal }: { readonly actor: Actor; readonly signal?: AbortSignal },
): Promise<ArticleView> {
  checkArticle(policy, article);
  const views = await embedViews(encoder, article, signal);
  const at = now();
  try {
    return await database.kysely.transaction().execute(async (tx) => {
      const id = await insertArticle(tx, { article, views, modelHash: encoder.info.hash, actor, at, source: 'person' });
      return await toArticleView(tx, await getRow(tx, id), at);
    });
  } catch (error) {
    if (!isUniqueViolation(error, 'article_slug_language_key')) throw error;
    throw new AppError('conflict', 'There is an article of this slug in this language; change that one.', {
      errors: [
        { pointer: '/slug', message: 'is taken in this language; give another, or PUT the article that has it' },
      ],
    });
  }
}

export interface InsertedArticle {
  readonly article: Article;
  readonly views: readonly EmbeddedView[];
  readonly modelHash: string;
  readonly actor: Actor;
  readonly at: Date;
  readonly source: 'shipped' | 'import' | 'person';
}

/** Writes the first version of an article, and gives its id. */
export async function insertArticle(
  tx: Transaction<Tables>,
  { article, views, modelHash, actor, at, source }: InsertedArticle,
): Promise<string> {
  const id = uuidv7();
  const { slug, language } = article;
  await tx
    .insertInto('article')
    .values({ id, slug, language, version: 1, content_version: 1, source, created_at: at, updated_at: at })
    .execute();
  await insertVersion(tx, { id, version: 1, article, views, modelHash, actor, at });
  const facts = { at, actor, action: 'article.created', subjectKind: 'article', subjectId: id };
  await recordChange(tx, { ...facts, change: { slug, language, source, hash: hashOf(article) } });
  return id;
}
