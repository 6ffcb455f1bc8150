import { z } from 'zod';
import { storable, visibleText } from '../text/storable.ts';

/** Languages that articles are written in. */
export const ARTICLE_LANGUAGES = ['zh', 'en'] as const;
export type ArticleLanguage = (typeof ARTICLE_LANGUAGES)[number];

const MAX_TITLE = 200;
export const MAX_BODY = 100_000;
const MAX_TOPICS = 4;
const MAX_SERVED = 30;

const isDistinct = (list: readonly string[]) => new Set(list).size === list.length;
const key = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'must be a key: lower-case letters, digits and _');
const keys = (max: number) => z.array(key).max(max).refine(isDistinct, 'must not name one twice');
const day = z.iso.date({ error: 'must be a date such as 2026-11-22' });

/** What an article says of itself, besides its body. Dates are whole days in UTC, both ends included. */
export const articleFields = {
  slug: z
    .string()
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be lower-case letters, digits and single hyphens')
    .max(100)
    .describe('What the article is about; its translations have the same.'),
  language: z.enum(ARTICLE_LANGUAGES),
  title: visibleText(MAX_TITLE).describe('The problem in the customer’s words.'),
  topics: keys(MAX_TOPICS).describe('Keys of the taxonomy’s topics, the main one first.'),
  owner: key.describe('The queue that keeps it true.'),
  valid_from: day.nullable().describe('First day on which it may be quoted; null for always.'),
  valid_until: day.nullable().describe('Last day on which it may be quoted; null for no end.'),
  review_by: day.nullable().describe('After this day it counts as stale until somebody has looked at it.'),
  audience: z.enum(['customer', 'agent']).describe('`agent` articles are never quoted to customers.'),
  applies_to: keys(MAX_SERVED).describe('Types and risk flags that it serves.'),
  body: storable(z.string().max(MAX_BODY, `must have at most ${MAX_BODY} characters`)).describe(
    'Markdown without HTML.',
  ),
};

/** An article as somebody wrote it. */
export const articleSchema = z.strictObject(articleFields);
export type Article = z.infer<typeof articleSchema>;

/** Whether an article may be quoted on a day: `stale` may, with a warning. */
export type Validity = 'current' | 'stale' | 'not_yet' | 'expired';

/** @param today an ISO date, UTC */
export function validityOf(
  { valid_from, valid_until, review_by }: Pick<Article, 'valid_from' | 'valid_until' | 'review_by'>,
  today: string,
): Validity {
  if (valid_from !== null && today < valid_from) return 'not_yet';
  if (valid_until !== null && today > valid_until) return 'expired';
  return review_by !== null && today > review_by ? 'stale' : 'current';
}
