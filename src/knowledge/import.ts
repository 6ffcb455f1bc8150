import type { Context } from '../context.ts';
import { patientEncoder } from '../embedding/patient.ts';
import type { Actor } from '../feedback/actor.ts';
import type { Article } from './article.ts';
import { findProblems } from './check-article.ts';
import { insertArticle } from './create.ts';
import { contradictionsOf } from './find-contradictions.ts';
import { fullRows } from './rows.ts';
import { replaceContent } from './update.ts';
import { embedViews, hashOf, type ViewEncoder } from './write-article.ts';

export interface ImportOptions {
  readonly actor: Actor;
  readonly source: 'shipped' | 'import';
  readonly signal?: AbortSignal | undefined;
  /** Also what a person wrote or retired; otherwise that is kept. */
  readonly replaceEdited?: boolean;
  /** In place of the context's own. */
  readonly encoder?: ViewEncoder;
  onProgress?(done: number, total: number): void;
}

/** How many articles became what, and why others did not. */
export interface ImportReport {
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Not overwritten, because a person changed or retired them. */
  readonly kept: readonly string[];
  readonly problems: readonly string[];
  /** Pairs of sentences of what was written and of another article that cannot both be true. */
  readonly contradictions: readonly string[];
}

type Outcome = 'created' | 'changed' | 'unchanged' | 'kept';

/** Puts articles into the database, each in a transaction of its own, so that an import that is stopped can go on. */
export async function importArticles(
  context: Context,
  articles: readonly { readonly name: string; readonly article: Article }[],
  options: ImportOptions,
): Promise<ImportReport> {
  const counts: Record<Outcome, number> = { created: 0, changed: 0, unchanged: 0, kept: 0 };
  const kept: string[] = [];
  const problems: string[] = [];
  const written: { name: string; id: string }[] = [];
  for (const [at, { name, article }] of articles.entries()) {
    options.signal?.throwIfAborted();
    const wrong = findProblems(context.policy, article);
    if (wrong.length > 0) problems.push(...wrong.map(({ pointer, message }) => `${name}: ${pointer} ${message}`));
    else {
      const { outcome, id } = await importOne(context, article, options);
      if (outcome === 'created' || outcome === 'changed') written.push({ name, id });
      counts[outcome]++;
      if (outcome === 'kept') kept.push(name);
    }
    options.onProgress?.(at + 1, articles.length);
  }
  const { created, changed, unchanged } = counts;
  // What is shipped was looked at before.
  const contradictions = options.source === 'shipped' ? [] : await listContradictions(context, written, options.signal);
  return { created, changed, unchanged, kept, problems, contradictions };
}

/** What was written against the other articles, each pair of sentences once. */
async function listContradictions(
  context: Context,
  written: readonly { readonly name: string; readonly id: string }[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const lines = new Map<string, string>();
  for (const { name, id } of written) {
    signal?.throwIfAborted();
    for (const { slug, language, own, other } of await contradictionsOf(context, id)) {
      const pair = [own, other].sort().join('\n');
      if (!lines.has(pair)) lines.set(pair, `${name}: “${own}” contradicts ${language}/${slug}: “${other}”`);
    }
  }
  return [...lines.values()];
}

async function importOne(
  { database, encoder: own, now }: Context,
  article: Article,
  { actor, source, signal, replaceEdited = false, encoder = own }: ImportOptions,
): Promise<{ readonly outcome: Outcome; readonly id: string }> {
  const find = (db: Parameters<typeof fullRows>[0]) =>
    fullRows(db).where('slug', '=', article.slug).where('language', '=', article.language).executeTakeFirst();
  const judge = (row: Awaited<ReturnType<typeof find>>): Outcome => {
    if (row === undefined) return 'created';
    if (row.retired_at === null && row.hash === hashOf(article)) return 'unchanged';
    return row.source === 'person' && !replaceEdited ? 'kept' : 'changed';
  };
  const seen = await find(database.kysely);
  const expected = judge(seen);
  if (seen !== undefined && (expected === 'unchanged' || expected === 'kept'))
    return { outcome: expected, id: seen.id };
  // An import can wait while others are served.
  const views = await embedViews({ info: encoder.info, ...patientEncoder(encoder) }, article, signal);
  const written = { article, views, modelHash: encoder.info.hash, actor, at: now(), source };
  return await database.kysely.transaction().execute(async (tx) => {
    const row = await find(tx);
    const outcome = judge(row);
    if (row === undefined) return { outcome, id: await insertArticle(tx, written) };
    if (outcome === 'changed') await replaceContent(tx, row, written);
    return { outcome, id: row.id };
  });
}
