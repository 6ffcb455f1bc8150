import { z } from 'zod';
import { spanShape } from '../triage/span.ts';
import { bilingualSchema } from '../triage/taxonomy.ts';
import { MEDIA, PLANS, REPLY_LANGUAGES, ROLES, TONES } from './template.ts';

export const FACT_KINDS = ['amount', 'time', 'reference', 'area'] as const;
export type FactKind = (typeof FACT_KINDS)[number];

/** Something that the customer named. */
export const factSchema = z
  .object({
    kind: z.enum(FACT_KINDS),
    text: z.string().describe('In the customer’s words, personal data masked; of an area, its name.'),
    field: spanShape.field.nullable(),
    start: spanShape.start.nullable(),
    end: spanShape.end.nullable(),
  })
  .meta({ id: 'ReplyFact' });
export type Fact = z.infer<typeof factSchema>;

/** Where a sentence comes from. */
export const sourceSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('template'),
      id: z.string(),
      version: z.string(),
      wording: z
        .string()
        .optional()
        .describe(
          'Which of its wordings, as the template has it. Missing where a model put the sentence in other words, and in drafts of earlier releases.',
        ),
    }),
    z.object({
      kind: z.literal('article'),
      id: z.string(),
      version: z.string(),
      language: z.string(),
      title: z.string(),
      passage: z.string().describe('The words of the article that the sentence says.'),
    }),
    z.object({ kind: z.literal('reply'), draft_id: z.uuid(), passage: z.string() }),
    z.object({ kind: z.literal('fact'), fact: factSchema }),
    z.object({ kind: z.literal('deadline'), at: z.iso.datetime() }),
    z.object({ kind: z.literal('person'), by: z.string().nullable() }),
  ])
  .meta({ id: 'ReplySource' });
export type Source = z.infer<typeof sourceSchema>;

export const draftSentenceSchema = z.object({ role: z.enum(ROLES), text: z.string(), sources: z.array(sourceSchema) });
export type Sentence = Readonly<z.infer<typeof draftSentenceSchema>>;

/** Every guard; docs of what each refuses stand beside its code. */
export const GUARDS = [
  'promise',
  'investment_advice',
  'liability',
  'personal_data',
  'foreign_text',
  'link',
  'language',
  'length',
  'tone',
  'source_expired',
  'source_stale',
  'source_contradicted',
  'secret_requested',
  'unsafe_instruction',
  'markup',
  'unsourced',
  'figure',
  'crisis',
] as const;
export type GuardName = (typeof GUARDS)[number];

/** What a guard has against a sentence. */
export const findingSchema = z
  .object({
    guard: z.enum(GUARDS),
    sentence: z.int().min(0).nullable().describe('Which sentence, from 0; null for the whole draft.'),
    quote: z.string().nullable().describe('The words that it is about.'),
    reason: bilingualSchema,
    blocks: z.boolean().describe('False for what a person should know and may let pass.'),
  })
  .meta({ id: 'GuardFinding' });
export type Finding = z.infer<typeof findingSchema>;

export const APPROACHES = [...PLANS, 'earlier', 'polished'] as const;
export type Approach = (typeof APPROACHES)[number];

/** One reply that may be sent. */
export const suggestionSchema = z.object({
  approach: z
    .enum(APPROACHES)
    .describe('How it goes about it: everything, the shortest, steps first, as answered before.'),
  situation: z.string(),
  tone: z.enum(TONES),
  language: z.enum(REPLY_LANGUAGES),
  medium: z.enum(MEDIA),
  text: z.string(),
  sentences: z.array(draftSentenceSchema),
  findings: z.array(findingSchema),
  expected_acceptance: z.number().min(0).max(1),
});
export type Suggestion = Readonly<z.infer<typeof suggestionSchema>>;
