import type { Context } from '../context.ts';
import { cosineDistance } from '../db/vector.ts';
import type { EarlierReply } from './earlier.ts';
import type { GuardContext } from './guards/context.ts';
import { guardDraft } from './guards/guard.ts';
import { splitSentences } from './passage.ts';
import type { ReplyLanguage } from './template.ts';

const MAX_REPLIES = 5;
const MIN_LENGTH = 8;
/** What was of one customer only: figures and what was masked. */
const PARTICULAR = /\d|\[[A-Z_]+\]/u;

export interface EarlierQuery {
  readonly feedbackId: string;
  readonly vector: Float32Array;
  readonly modelHash: string;
  readonly language: ReplyLanguage;
  readonly situation: string;
  readonly topic: string | undefined;
}

/**
 * What people wrote into replies to similar items of the same situation, topic and language, nearest first: only what
 * they added to a suggestion, without figures and masks, and only what the guards let a machine say.
 */
export async function findEarlier({ database }: Context, query: EarlierQuery): Promise<EarlierReply[]> {
  const rows = await database.kysely
    .selectFrom('reply')
    .innerJoin('draft', 'draft.id', 'reply.draft_id')
    .innerJoin('draft_set', 'draft_set.id', 'draft.set_id')
    .innerJoin('feedback_vector', 'feedback_vector.feedback_id', 'reply.feedback_id')
    .select(['draft.id', 'reply.body', 'draft.suggestion'])
    .select(cosineDistance('feedback_vector.embedding', query.vector).as('distance'))
    .where('reply.state', '=', 'sent')
    .where('reply.feedback_id', '!=', query.feedbackId)
    .where('draft.state', '=', 'edited')
    .where('draft_set.situation', '=', query.situation)
    .where('draft_set.language', '=', query.language)
    .where('draft_set.topic', 'is not distinct from', query.topic ?? null)
    .where('feedback_vector.model_hash', '=', query.modelHash)
    .orderBy('distance')
    .limit(MAX_REPLIES)
    .execute();
  return rows.flatMap(({ id, body, suggestion, distance }) => {
    const suggested = String(suggestion.text ?? '');
    const sentences = repeatable(body, suggested, query.language);
    if (sentences.length === 0) return [];
    return [{ draftId: id, language: query.language, situation: query.situation, sentences, similarity: 1 - distance }];
  });
}

/** Sentences of a sent reply that may be said to somebody else. */
export function repeatable(sent: string, suggested: string, language: ReplyLanguage): string[] {
  return splitSentences(sent).filter((text) => {
    if (text.length < MIN_LENGTH || suggested.includes(text) || PARTICULAR.test(text)) return false;
    const sentence = {
      role: 'answer' as const,
      text,
      sources: [{ kind: 'reply' as const, draft_id: '', passage: text }],
    };
    return guardDraft([sentence], contextFor(text, language)).length === 0;
  });
}

function contextFor(text: string, language: ReplyLanguage): GuardContext {
  return {
    language,
    medium: 'mail',
    tone: 'grave',
    isCrisis: false,
    approved: new Set(),
    supports: [text],
    factTexts: [],
    others: [],
    allowedHosts: [],
    articles: new Map(),
    isByPerson: false,
  };
}
