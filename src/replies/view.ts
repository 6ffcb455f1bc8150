import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { DraftSetTable, DraftTable, ReplyTable } from '../db/reply-tables.ts';
import { bilingualSchema } from '../triage/taxonomy.ts';
import { DELIVERIES } from './connectors/connector.ts';
import { differenceSchema } from './difference.ts';
import { factSchema, findingSchema, suggestionSchema } from './draft.ts';
import { type RewordingView, rewordingSchema } from './llm/rewording.ts';
import { NONE_REASONS } from './suggest.ts';

const instant = z.iso.datetime();

export const DRAFT_STATES = ['proposed', 'accepted', 'edited', 'rejected', 'superseded'] as const;
export type DraftState = (typeof DRAFT_STATES)[number];

/** Why a suggestion was refused. */
export const REJECT_REASONS = [
  'wrong_situation',
  'wrong_facts',
  'wrong_steps',
  'wrong_tone',
  'too_long',
  'too_generic',
  'wrong_language',
  'not_needed',
  'other',
] as const;

export const draftSchema = suggestionSchema
  .extend({
    id: z.uuid(),
    feedback_id: z.uuid(),
    at: instant,
    state: z.enum(DRAFT_STATES).describe('`superseded`: another of its kind was sent, or newer ones were made.'),
    decided_at: instant.nullable(),
    by: z.string().nullable(),
    reason: z.enum(REJECT_REASONS).nullable(),
    note: z.string().nullable().describe('Personal data masked.'),
    difference: differenceSchema.nullable(),
    distance: z.number().min(0).max(1).nullable().describe('Share of the text that the edit changed.'),
  })
  .meta({ id: 'Draft' });
export type DraftView = z.infer<typeof draftSchema>;

export const articleHintSchema = z.object({
  id: z.string(),
  version: z.string(),
  language: z.string(),
  title: z.string(),
  score: z.number(),
  fits: z.boolean().describe('Near enough to be an answer.'),
});

/** What an agent gets for an item: suggestions where there are good ones, facts and articles always. */
export const draftsSchema = z
  .object({
    feedback_id: z.uuid(),
    item_version: z.int().describe('Of the item when the suggestions were made.'),
    at: instant,
    situation: z.string().nullable(),
    drafts: z.array(draftSchema).describe('Best first, by expected acceptance.'),
    none: z
      .object({ code: z.enum(Object.keys(NONE_REASONS) as [string, ...string[]]), note: bilingualSchema })
      .nullable()
      .describe('Why there are no suggestions.'),
    facts: z.array(factSchema).describe('What the customer named.'),
    articles: z.array(articleHintSchema).describe('What came nearest, best first.'),
    withheld: z
      .array(z.object({ text: z.string(), finding: findingSchema }))
      .describe('Sentences that guards took out, personal data masked.'),
    rewording: rewordingSchema
      .nullable()
      .describe('What a model makes of the best draft; null where none was to be asked.'),
  })
  .meta({ id: 'Drafts' });
export type DraftsView = z.infer<typeof draftsSchema>;

export const replySchema = z
  .object({
    id: z.uuid(),
    feedback_id: z.uuid(),
    draft_id: z.uuid().nullable(),
    at: instant,
    by: z.string().nullable(),
    channel: z.string(),
    text: z.string().describe('Personal data masked.'),
    delivery: z.enum(DELIVERIES),
    state: z.enum(['queued', 'sent', 'failed']),
    sent_at: instant.nullable(),
  })
  .meta({ id: 'Reply' });
export type ReplyView = z.infer<typeof replySchema>;

export function toDraft({ suggestion, ...row }: Selectable<DraftTable>): DraftView {
  return draftSchema.parse({
    ...suggestion,
    ...row,
    at: row.at.toISOString(),
    decided_at: row.decided_at?.toISOString() ?? null,
    by: row.person,
  });
}

export function toDrafts(
  set: Selectable<DraftSetTable>,
  drafts: readonly Selectable<DraftTable>[],
  rewording: RewordingView | null,
): DraftsView {
  const none = set.none as keyof typeof NONE_REASONS | null;
  return draftsSchema.parse({
    ...{ ...set, rewording },
    at: set.at.toISOString(),
    none: none === null ? null : { code: none, note: NONE_REASONS[none] },
    drafts: drafts
      .map(toDraft)
      .toSorted((left, right) => right.expected_acceptance - left.expected_acceptance || (left.id < right.id ? -1 : 1)),
  });
}

export function toReply(row: Selectable<ReplyTable>): ReplyView {
  return replySchema.parse({
    ...row,
    at: row.at.toISOString(),
    by: row.person,
    text: row.body,
    sent_at: row.sent_at?.toISOString() ?? null,
  });
}
