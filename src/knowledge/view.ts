import { z } from 'zod';
import { ARTICLE_LANGUAGES, articleFields } from './article.ts';

/** The body of `POST /v1/knowledge/articles`. */
export const newArticleSchema = z
  .strictObject({
    ...articleFields,
    valid_from: articleFields.valid_from.default(null),
    valid_until: articleFields.valid_until.default(null),
    review_by: articleFields.review_by.default(null),
    audience: articleFields.audience.default('customer'),
    applies_to: articleFields.applies_to.default([]),
  })
  .refine(isInOrder, { path: ['valid_until'], message: 'must not be before valid_from' })
  .meta({ id: 'NewArticle' });
export type NewArticle = z.infer<typeof newArticleSchema>;

/** The body of `PUT /v1/knowledge/articles/{id}`: all that it is to say; slug and language stay. */
export const articleChangeSchema = z
  .strictObject({ ...newArticleSchema.shape, note: z.string().max(500).optional().describe('Why it was changed.') })
  .omit({ slug: true, language: true })
  .refine(isInOrder, { path: ['valid_until'], message: 'must not be before valid_from' })
  .meta({ id: 'ArticleChange' });
export type ArticleChange = z.infer<typeof articleChangeSchema>;

function isInOrder({
  valid_from: from,
  valid_until: until,
}: {
  valid_from: string | null;
  valid_until: string | null;
}) {
  return from === null || until === null || from <= until;
}

const instant = z.iso.datetime();
export const VALIDITIES = ['current', 'stale', 'not_yet', 'expired', 'retired'] as const;

/** An article without its body. */
export const articleSummarySchema = z
  .object({
    id: z.uuid(),
    slug: z.string(),
    language: z.enum(ARTICLE_LANGUAGES),
    title: z.string(),
    topics: z.array(z.string()),
    owner: z.string(),
    audience: articleFields.audience,
    applies_to: z.array(z.string()),
    valid_from: articleFields.valid_from,
    valid_until: articleFields.valid_until,
    review_by: articleFields.review_by,
    validity: z
      .enum(VALIDITIES)
      .describe('Today, UTC. Only `current` and `stale` ones are found; a `stale` one is past its review.'),
    source: z.enum(['shipped', 'import', 'person']).describe('Imports never overwrite what a person wrote.'),
    translations: z
      .array(z.object({ id: z.uuid(), language: z.enum(ARTICLE_LANGUAGES) }))
      .describe('The articles of the same slug in other languages.'),
    version: z.int().describe('Grows with every change.'),
    content_version: z.int().describe('The version in which it got the words that it has; quote it with them.'),
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'ArticleSummary' });
export type ArticleSummary = z.infer<typeof articleSummarySchema>;

export const articleViewSchema = articleSummarySchema.extend({ body: z.string() });
export type ArticleView = z.infer<typeof articleViewSchema>;

/** What it said from one change to the next. */
export const articleVersionSchema = z
  .object({
    version: z.int(),
    at: instant,
    actor: z.record(z.string(), z.unknown()).describe('Who wrote it.'),
    note: z.string().nullable(),
    title: z.string(),
    body: z.string(),
    topics: z.array(z.string()),
    owner: z.string(),
    valid_from: articleFields.valid_from,
    valid_until: articleFields.valid_until,
    review_by: articleFields.review_by,
  })
  .meta({ id: 'ArticleVersion' });
export type ArticleVersionView = z.infer<typeof articleVersionSchema>;
