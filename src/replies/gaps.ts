import { z } from 'zod';
import type { Context } from '../context.ts';
import { parseVector } from '../db/vector.ts';
import { dotAt } from '../learning/dot.ts';
import { center } from '../learning/features.ts';
import { repeatable } from './earlier-replies.ts';
import { REPLY_LANGUAGES, type ReplyLanguage } from './template.ts';

/** Newest items without a source that are looked at. */
const MAX_ITEMS = 500;
const MAX_GAPS = 50;
const MAX_EXAMPLES = 5;
const MAX_STEPS = 8;
/**
 * Centred cosine from which two messages ask the same: on data/eval/dev/stories.jsonl three in four pairs of one story
 * lie above it, and one in a hundred pairs of two stories.
 */
const SAME_MATTER = 0.4;

export const gapSchema = z
  .object({
    language: z.enum(REPLY_LANGUAGES),
    topic: z.string().nullable(),
    items: z.int().describe('How many messages ask for it.'),
    last_at: z.iso.datetime(),
    examples: z
      .array(z.object({ feedback_id: z.uuid(), text: z.string() }))
      .describe('Messages that ask for it, personal data masked; the most typical first.'),
    drafted_article: z
      .object({
        title: z.string(),
        language: z.enum(REPLY_LANGUAGES),
        topics: z.array(z.string()),
        body: z.string().describe('Markdown, from sentences that people wrote into sent replies.'),
        sources: z.array(z.uuid()).describe('The replies that it is made from.'),
      })
      .nullable()
      .describe('To be looked at, completed and approved by a person; null where nobody has answered it yet.'),
  })
  .meta({ id: 'KnowledgeGap' });
export type Gap = z.infer<typeof gapSchema>;

export const gapsSchema = z.object({ items: z.array(gapSchema) }).meta({ id: 'KnowledgeGaps' });

interface Asked {
  readonly id: string;
  readonly text: string;
  readonly at: Date;
  readonly language: ReplyLanguage;
  readonly topic: string | null;
  readonly vector: Float32Array;
}

/** Questions that no article answers, grouped by what they ask, the most frequent first. */
export async function listGaps(context: Context): Promise<{ items: Gap[] }> {
  const groups = groupAsked(await loadAsked(context)).slice(0, MAX_GAPS);
  return { items: await Promise.all(groups.map((group) => toGap(context, group))) };
}

async function loadAsked({ database, encoder, learned }: Context): Promise<Asked[]> {
  const rows = await database.kysely
    .selectFrom('draft_set')
    .innerJoin('feedback', 'feedback.id', 'draft_set.feedback_id')
    .innerJoin('feedback_vector', 'feedback_vector.feedback_id', 'feedback.id')
    .select(['feedback.id', 'feedback.body', 'feedback.received_at', 'draft_set.language', 'draft_set.topic'])
    .select('feedback_vector.embedding')
    .where('draft_set.has_source', '=', false)
    .where('feedback.type', 'in', ['question', 'technical_issue'])
    .where('feedback_vector.model_hash', '=', encoder.info.hash)
    .orderBy('draft_set.id', 'desc')
    .limit(MAX_ITEMS)
    .execute();
  const { mean } = learned.head.model;
  const seen = new Set<string>();
  return rows.flatMap(({ id, body, received_at, language, topic, embedding }) => {
    if (seen.has(id)) return [];
    seen.add(id);
    const vector = center(parseVector(embedding), mean);
    return [{ id, text: body, at: received_at, language: z.enum(REPLY_LANGUAGES).parse(language), topic, vector }];
  });
}

/** Each message joins the first group whose first message asks the same; groups of several come first. */
function groupAsked(asked: readonly Asked[]): Asked[][] {
  const groups: Asked[][] = [];
  for (const item of asked) {
    const group = groups.find(([first]) => {
      const isAlike = first !== undefined && first.language === item.language && first.topic === item.topic;
      return isAlike && dotAt(first.vector, 0, item.vector) >= SAME_MATTER;
    });
    if (group) group.push(item);
    else groups.push([item]);
  }
  return groups.toSorted((left, right) => right.length - left.length);
}

async function toGap({ database }: Context, group: readonly Asked[]): Promise<Gap> {
  const [first] = group;
  if (first === undefined) throw new RangeError('a group of questions is never empty');
  const { language, topic } = first;
  const replies = await database.kysely
    .selectFrom('reply')
    .innerJoin('draft', 'draft.id', 'reply.draft_id')
    .select(['reply.id', 'reply.body', 'draft.suggestion'])
    .where('reply.state', '=', 'sent')
    .where('draft.state', '=', 'edited')
    .where(
      'reply.feedback_id',
      'in',
      group.map(({ id }) => id),
    )
    .orderBy('reply.id', 'desc')
    .limit(MAX_EXAMPLES)
    .execute();
  const written = replies.map(({ id, body, suggestion }) => ({
    id,
    sentences: repeatable(body, String(suggestion.text ?? ''), language),
  }));
  const sentences = [...new Set(written.flatMap((reply) => reply.sentences))].slice(0, MAX_STEPS);
  const shortest = group.map(({ text }) => text).toSorted((left, right) => left.length - right.length)[0] ?? '';
  const latest = Math.max(...group.map(({ at }) => at.getTime()));
  return {
    ...{ language, topic, items: group.length, last_at: new Date(latest).toISOString() },
    examples: group.slice(0, MAX_EXAMPLES).map(({ id, text }) => ({ feedback_id: id, text })),
    drafted_article:
      sentences.length === 0
        ? null
        : {
            title: shortest.split('\n')[0]?.slice(0, 120) ?? '',
            language,
            topics: topic === null ? [] : [topic],
            body: sentences.join('\n\n'),
            sources: written.filter((reply) => reply.sentences.length > 0).map(({ id }) => id),
          },
  };
}
