import type { Transaction } from 'kysely';
import type { Context } from '../context.ts';
import type { Tables } from '../db/tables.ts';
import type { ChangeOptions } from '../feedback/change-item.ts';
import { checkVersion } from '../feedback/change-item.ts';
import { recordChange } from '../feedback/record-change.ts';
import { checkArticle } from './check-article.ts';
import type { InsertedArticle } from './create.ts';
import { articleOf, type FullRow, getRow, lockRow, toArticleView } from './rows.ts';
import type { ArticleChange, ArticleView } from './view.ts';
import { embedViews, hashOf, insertVersion, touch } from './write-article.ts';

type Options = ChangeOptions & { readonly signal?: AbortSignal };

/**
 * Puts new words in the place of an article's; the old ones stay readable as a version. A retired article comes back.
 * The same words again change nothing.
 *
 * @throws AppError `not_found`, `precondition_failed`, `invalid_input`, and those of the encoder
 */
export async function updateArticle(
  { database, policy, encoder, now }: Context,
  id: string,
  { note, ...content }: ArticleChange,
  { actor, ifVersion, signal }: Options,
): Promise<ArticleView> {
  checkArticle(policy, content);
  checkVersion((await getRow(database.kysely, id)).version, ifVersion, 'article');
  const views = await embedViews(encoder, content, signal);
  const at = now();
  return await database.kysely.transaction().execute(async (tx) => {
    const row = await lockRow(tx, id);
    checkVersion(row.version, ifVersion, 'article');
    const before = articleOf(row);
    const article = { ...before, ...content };
    if (row.retired_at === null && hashOf(article) === row.hash) return await toArticleView(tx, row, at);
    await replaceContent(tx, row, { article, views, modelHash: encoder.info.hash, actor, at, source: 'person' }, note);
    return await toArticleView(tx, await getRow(tx, id), at);
  });
}

/** Writes the next version of an article that the transaction holds. */
export async function replaceContent(
  tx: Transaction<Tables>,
  row: FullRow,
  { source, ...written }: InsertedArticle,
  note?: string,
): Promise<void> {
  const { id } = row;
  const version = row.version + 1;
  const { at, actor, article } = written;
  await insertVersion(tx, { ...written, id, version, note });
  await tx
    .updateTable('article')
    .set({ version, content_version: version, source, updated_at: at, retired_at: null })
    .where('id', '=', id)
    .execute();
  const facts = { at, actor, action: 'article.changed', subjectKind: 'article', subjectId: id };
  const { slug, language } = article;
  const change = { slug, language, version, before: row.hash, after: hashOf(article), note: note ?? null };
  await recordChange(tx, { ...facts, change });
}

/**
 * Takes an article out of what is found; its versions stay. An import does not bring it back.
 *
 * @throws AppError `not_found`, `precondition_failed`
 */
export async function retireArticle(
  { database, now }: Context,
  id: string,
  { actor, ifVersion }: ChangeOptions,
): Promise<ArticleView> {
  const at = now();
  return await database.kysely.transaction().execute(async (tx) => {
    const row = await lockRow(tx, id);
    checkVersion(row.version, ifVersion, 'article');
    if (row.retired_at !== null) return await toArticleView(tx, row, at);
    const version = row.version + 1;
    await tx
      .updateTable('article')
      .set({ version, source: 'person', retired_at: at, updated_at: at })
      .where('id', '=', id)
      .execute();
    await touch(tx, at);
    const facts = { at, actor, action: 'article.retired', subjectKind: 'article', subjectId: id };
    await recordChange(tx, { ...facts, change: { slug: row.slug, language: row.language, version } });
    return await toArticleView(tx, await getRow(tx, id), at);
  });
}
