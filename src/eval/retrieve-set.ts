import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { ARTICLE_LANGUAGES, type ArticleLanguage } from '../knowledge/article.ts';
import { readArticle } from '../knowledge/read-article.ts';
import { readLabelledFile } from './labelled-file.ts';

const id = z.union([z.string(), z.number()]).transform(String);
/** Whatever is not Chinese is read as English. */
const language = z.string().transform((tag): ArticleLanguage => (/^(?:zh|cn)/iu.test(tag) ? 'zh' : 'en'));

/** An article to be found. Further keys are left alone. */
const evalArticleSchema = z.object({
  id,
  lang: language,
  title: z.string(),
  body: z.string(),
  topics: z.array(z.string()).optional(),
});
export type EvalArticle = z.infer<typeof evalArticleSchema>;

/** A question and the articles that answer it; none where nothing does. */
const evalQuerySchema = z.object({ id, lang: language, text: z.string(), answer_ids: z.array(id) });
export type EvalQuery = z.infer<typeof evalQuerySchema>;

/**
 * Articles of a JSON Lines file, or of a folder such as `data/articles`, where the id is language and slug: `zh/fees`.
 *
 * @throws AppError `file_error`, or `invalid_input` for an article that cannot be read
 */
export async function readEvalArticles(place: string): Promise<EvalArticle[]> {
  if (!(await isFolder(place))) return await readLabelledFile(place, evalArticleSchema);
  const articles: EvalArticle[] = [];
  for (const lang of ARTICLE_LANGUAGES) {
    const folder = path.join(place, lang);
    for (const name of (await readdir(folder)).sort()) {
      if (!name.endsWith('.md')) continue;
      const { slug, title, body, topics } = readArticle(name, await readFile(path.join(folder, name), 'utf8'));
      articles.push({ id: `${lang}/${slug}`, lang, title, body, topics });
    }
  }
  return articles;
}

/** @throws AppError `file_error`, also for an answer that is no article */
export async function readEvalQueries(file: string, articles: readonly EvalArticle[]): Promise<EvalQuery[]> {
  const queries = await readLabelledFile(file, evalQuerySchema);
  const known = new Set(articles.map((article) => article.id));
  for (const query of queries) {
    const unknown = query.answer_ids.find((answer) => !known.has(answer));
    if (unknown !== undefined)
      throw new AppError('file_error', `${file}, query ${query.id}: answer_ids names ${unknown}, which is no article`);
  }
  return queries;
}

/** The shipped questions of `crypto_faq` and their answers, from one language to the other. */
export async function readBilingualFaq(file: string): Promise<{ articles: EvalArticle[]; queries: EvalQuery[] }> {
  const row = z.object({ id, en_q: z.string(), en_a: z.string(), zh_q: z.string(), zh_a: z.string() });
  const rows = await readLabelledFile(file, row);
  const articles = rows.flatMap((one): EvalArticle[] => [
    { id: `zh/${one.id}`, lang: 'zh', title: one.zh_q, body: one.zh_a },
    { id: `en/${one.id}`, lang: 'en', title: one.en_q, body: one.en_a },
  ]);
  const queries = rows.flatMap((one): EvalQuery[] => [
    { id: `zh/${one.id}`, lang: 'zh', text: one.zh_q, answer_ids: [`en/${one.id}`] },
    { id: `en/${one.id}`, lang: 'en', text: one.en_q, answer_ids: [`zh/${one.id}`] },
  ]);
  return { articles, queries };
}

async function isFolder(place: string): Promise<boolean> {
  try {
    return (await stat(place)).isDirectory();
  } catch (cause) {
    throw new AppError('file_error', `${place}: there is no such file`, { cause });
  }
}
