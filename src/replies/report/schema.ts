import { z } from 'zod';
import { REJECT_REASONS } from '../view.ts';
import { DIMENSIONS } from './draft-figures.ts';
import { WAYS } from './other-figures.ts';
import { GRAINS } from './period.ts';
import { MIN_TO_SAY, reportedShareSchema } from './share.ts';

const few = `null where there are fewer than ${MIN_TO_SAY}`;
const counted = (what: string) =>
  z.array(z.object({ reason: z.string(), n: z.int() })).describe(`${what}, the most frequent first.`);

const answersSchema = z.array(
  z.object({
    way: z.enum(WAYS).describe('By a draft as it was, by an edited one, or with no draft used.'),
    items: z.int(),
    rated: z.int(),
    mean_score: z.number().nullable().describe(`Of the customers’ scores after the answer, 1 to 5; ${few}.`),
    reopened: reportedShareSchema.describe('Items that were opened again after the answer.'),
  }),
);

const groupSchema = z
  .object({
    dimension: z.enum(DIMENSIONS),
    key: z.string().describe('First day of the period, language, channel, situation or approach; empty for none.'),
    sets: z
      .object({
        made: z.int(),
        without_draft: reportedShareSchema,
        reasons: counted('Why there was no draft'),
        used: reportedShareSchema.describe('Sets of which a draft was sent, as it was or edited.'),
      })
      .nullable()
      .describe('Null for an approach: a set has drafts of several.'),
    offered: z.int().describe('Drafts that were shown, those of a model included.'),
    accepted: reportedShareSchema.describe('As they are, of the drafts that somebody decided about.'),
    edited: reportedShareSchema,
    rejected: reportedShareSchema,
    reasons: counted(`Why drafts were rejected (${REJECT_REASONS.join(', ')})`),
    mean_changed: z.number().nullable().describe(`Share of the text that edits changed; ${few}.`),
    median_seconds: z.number().nullable().describe(`From making a draft to deciding about it; ${few}.`),
    answers: answersSchema.nullable().describe('Items that were answered, by how; null for situation and approach.'),
  })
  .meta({ id: 'ReplyReportGroup' });
export type ReportGroup = Readonly<z.infer<typeof groupSchema>>;

/** What people did with drafts that have something in them. */
const decided = {
  offered: z.int(),
  accepted: reportedShareSchema,
  edited: reportedShareSchema,
  rejected: reportedShareSchema,
};

const sourceSchema = z
  .object({
    kind: z.enum(['template', 'article']),
    id: z.string(),
    language: z.string(),
    title: z.string().nullable(),
    ...decided,
    is_weak: z
      .boolean()
      .describe(
        'Drafts with it are taken as they are less often than the others of the language: the intervals do not meet.',
      ),
  })
  .meta({ id: 'ReplyReportSource' });
export type ReportSource = Readonly<z.infer<typeof sourceSchema>>;

const wordingSchema = z
  .object({
    id: z.string().describe('The template.'),
    wording: z.string().describe('As the template had it, slots in braces.'),
    language: z.string(),
    approach: z.string(),
    ...decided,
    is_weak: z
      .boolean()
      .describe(
        'Drafts with it are taken as they are less often than the others of the language and approach. Where that holds of some wordings of a template, those are to be changed; where of all, the template.',
      ),
  })
  .meta({ id: 'ReplyReportWording' });
export type ReportWording = Readonly<z.infer<typeof wordingSchema>>;

const tokens = z.number().describe('Tokens.');
const modelSchema = z
  .object({
    outcomes: z.array(z.object({ outcome: z.string(), n: z.int() })).describe('`done`, or why there was no rewording.'),
    prompt_tokens: tokens,
    completion_tokens: tokens,
    estimated: z.int().describe('Requests whose tokens the endpoint did not count.'),
    cost: z
      .number()
      .nullable()
      .describe(
        'In the currency of LLM_PRICE_PER_MILLION_INPUT_TOKENS and …_OUTPUT_TOKENS; null where neither is set.',
      ),
  })
  .meta({ id: 'ReplyReportModel' });

/** What became of drafts. */
export const replyReportSchema = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    every: z.enum(GRAINS),
    time_zone: z.string(),
    too_few_below: z.int().describe('Of fewer cases no share, mean or median is said.'),
    groups: z
      .array(groupSchema)
      .describe('The whole first, then periods, languages, channels, situations, approaches.'),
    weak: z.array(sourceSchema).describe('Templates and articles to look at.'),
    sources: z.array(sourceSchema).describe('All of them, those decided about most first; at most 1,000.'),
    wordings: z
      .array(wordingSchema)
      .describe(
        `Wordings of templates that were said in several, where at least ${MIN_TO_SAY} drafts were decided about; at most 1,000.`,
      ),
    guards: z
      .array(
        z.object({
          guard: z.string(),
          withheld: z.int().describe('Sentences of templates, articles and earlier replies.'),
          withheld_from_model: z.int(),
          warned: z.int().describe('Findings that a person may let pass.'),
        }),
      )
      .describe('Those that fired, the most frequent first.'),
    model: modelSchema,
  })
  .meta({ id: 'ReplyReport' });
export type ReplyReport = Readonly<z.infer<typeof replyReportSchema>>;
