import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { AppError, type FieldError } from '../errors.ts';
import { type Article, articleFields } from './article.ts';
import { cutChunks } from './chunks.ts';
import { findUnsafe } from './markdown.ts';

const FRONT_MATTER = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/u;
const MAX_FRONT_MATTER = 10_000;

/** YAML reads some dates as dates. */
const written = z.preprocess(
  (value) => (value instanceof Date ? value.toISOString().slice(0, 10) : value),
  z.unknown(),
);
const day = written.pipe(z.iso.date({ error: 'must be a date such as 2026-11-22' })).nullable();

/** The front matter of a file of `data/articles`; the README there describes it. */
const frontMatterSchema = z
  .strictObject({
    slug: articleFields.slug,
    lang: articleFields.language,
    title: articleFields.title,
    topics: articleFields.topics,
    owner: articleFields.owner,
    updated: day.optional(),
    valid_from: day.default(null),
    valid_until: day.default(null),
    review_by: day.default(null),
    audience: articleFields.audience.default('customer'),
    applies_to: articleFields.applies_to.default([]),
  })
  .transform(({ lang: language, updated: _, ...rest }) => ({ ...rest, language }));

/**
 * Reads a Markdown file with front matter.
 *
 * @param name how errors call it
 * @throws AppError `invalid_input` naming the file, each field, why, and what is accepted
 */
export function readArticle(name: string, source: string): Article {
  const front = FRONT_MATTER.exec(source);
  if (front === null || (front[1]?.length ?? 0) > MAX_FRONT_MATTER)
    throw refuse(name, [
      { pointer: '/', message: 'must begin with front matter: YAML between two lines of --- (see data/articles)' },
    ]);
  const parsed = frontMatterSchema.safeParse(parseFront(name, front[1] ?? ''));
  if (!parsed.success)
    throw refuse(
      name,
      parsed.error.issues.map(({ path, message }) => ({ pointer: `/${path.join('/')}`, message })),
    );
  const body = source.slice(front[0].length).replaceAll('\r\n', '\n').trim();
  const article = { ...parsed.data, body };
  const problems = checkBody(article.body);
  if (problems.length > 0) throw refuse(name, problems);
  return article;
}

/** What is wrong with a body: empty, without a sentence, too long, with HTML or links that run something. */
export function checkBody(body: string): FieldError[] {
  const parsed = articleFields.body.safeParse(body);
  if (!parsed.success) return parsed.error.issues.map(({ message }) => ({ pointer: '/body', message }));
  const unsafe = findUnsafe(body);
  if (unsafe !== undefined) return [{ pointer: '/body', message: unsafe }];
  if (cutChunks(body).length > 0) return [];
  return [{ pointer: '/body', message: 'is empty; write at least one sentence below the front matter' }];
}

function parseFront(name: string, yaml: string): unknown {
  try {
    return parseYaml(yaml, { maxAliasCount: 0 });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw refuse(name, [{ pointer: '/', message: `has front matter that is no YAML: ${reason}` }]);
  }
}

function refuse(name: string, errors: FieldError[]): AppError {
  const list = errors.map(({ pointer, message }) => `${pointer} ${message}`).join('; ');
  return new AppError('invalid_input', `${name}: ${list}`, { errors });
}
