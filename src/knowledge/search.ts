import { z } from 'zod';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { readMessage } from '../feedback/read-message.ts';
import { visibleText } from '../text/storable.ts';
import { ARTICLE_LANGUAGES } from './article.ts';
import type { Chunk, Sentence } from './chunks.ts';
import type { Passage } from './retrieval.ts';

const MAX_TEXT = 20_000;
const MAX_LIMIT = 20;
const DIGITS = 4;

/** The body of `POST /v1/knowledge/search`. */
export const searchSchema = z
  .strictObject({
    text: visibleText(MAX_TEXT).describe('The question in the customer’s words; personal data is masked first.'),
    language: z.enum(ARTICLE_LANGUAGES).optional().describe('Of the question; found out when it is missing.'),
    languages: z
      .array(z.enum(ARTICLE_LANGUAGES))
      .min(1)
      .max(ARTICLE_LANGUAGES.length)
      .optional()
      .describe('Languages of articles, the one preferred first; the question’s own, then the other, unless told.'),
    topics: z
      .array(z.string().min(1).max(64))
      .max(4)
      .optional()
      .describe('Topics of the question where they are known; found by the model when they are missing.'),
    audience: z.enum(['customer', 'any']).default('customer').describe('`any`: articles for staff too.'),
    limit: z.int().min(1).max(MAX_LIMIT).default(3),
  })
  .meta({ id: 'KnowledgeSearch' });
export type SearchRequest = z.infer<typeof searchSchema>;

const span = { text: z.string(), start: z.int(), end: z.int() };

/** A passage as the API shows it. Offsets are UTF-16 code units of the article’s body. */
export const passageSchema = z
  .object({
    article_id: z.uuid(),
    slug: z.string(),
    version: z.int().describe('`content_version` of the article.'),
    language: z.enum(ARTICLE_LANGUAGES),
    title: z.string(),
    validity: z.enum(['current', 'stale']).describe('`stale`: past its review; quote it with care.'),
    score: z.number().describe('Probability that this article answers, 0 to 1.'),
    fits: z.boolean(),
    foreign: z.boolean().describe('True when there is none in the language that was preferred.'),
    heading: z.string().describe('The heading that the part stands under; empty at the beginning.'),
    ...span,
    sentences: z
      .array(z.object({ kind: z.enum(['paragraph', 'step', 'bullet', 'code']), ...span }))
      .describe('Sentences and steps of the part, nearest to the question first.'),
  })
  .meta({ id: 'Passage' });

export const searchAnswerSchema = z
  .object({
    fits: z.boolean().describe('False: no article answers; the passages are the nearest there are.'),
    confidence: z.number().describe('Probability that one of them answers, 0 to 1.'),
    language: z.string().describe('Of the question.'),
    articles: z.int().describe('Articles that were searched.'),
    passages: z.array(passageSchema),
  })
  .meta({ id: 'KnowledgeSearchAnswer' });
export type SearchAnswer = z.infer<typeof searchAnswerSchema>;

/**
 * The articles that answer a question, best first. Nothing of the question is kept.
 *
 * @throws AppError `invalid_input` for topics that the taxonomy does not have, and those of the encoder
 */
export async function searchKnowledge(
  context: Context,
  { text, language, languages, topics, audience, limit }: SearchRequest,
  signal?: AbortSignal,
): Promise<SearchAnswer> {
  checkTopics(context, topics ?? []);
  const message = await readMessage(context, { text, language, channel: 'other' }, { signal });
  const { document, embedding } = message;
  const query = {
    text: document.masked.text,
    vector: embedding.vector,
    language: document.language,
    topics: topics ?? [],
    topicProbabilities: topics ? undefined : context.learned.head.predict(document, embedding.vector).topics,
  };
  const retriever = await context.knowledge.retriever();
  const today = context.now().toISOString().slice(0, 10);
  const found = retriever.retrieve(query, { limit, today, audience, ...(languages && { languages }) });
  return {
    fits: found.fits,
    confidence: rounded(found.confidence),
    language: document.language,
    articles: retriever.size,
    passages: found.passages.map(toView),
  };
}

function checkTopics({ policy }: Context, topics: readonly string[]): void {
  const known = policy.taxonomy.topics.map(({ key }) => key);
  const errors = topics.flatMap((topic, at) =>
    known.includes(topic)
      ? []
      : [{ pointer: `/topics/${at}`, message: `is not known; must be one of: ${known.join(', ')}` }],
  );
  if (errors.length > 0) throw new AppError('invalid_input', 'A topic is not known.', { errors });
}

function toView({ articleId, chunk, nearest, chunks: _, score, validity, ...passage }: Passage) {
  const { heading } = chunk;
  const isStale = validity === 'stale';
  return {
    article_id: articleId,
    ...passage,
    validity: isStale ? ('stale' as const) : ('current' as const),
    score: rounded(score),
    heading,
    ...spanOf(chunk),
    sentences: nearest.map((sentence) => ({ kind: sentence.kind, ...spanOf(sentence) })),
  };
}

const spanOf = ({ text, start, end }: Chunk | Sentence) => ({ text, start, end });
const rounded = (value: number) => Number(value.toFixed(DIGITS));
