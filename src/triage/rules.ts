import { z } from 'zod';
import { type Phrase, parsePhrase } from '../text/phrases.ts';
import { bilingualSchema } from './taxonomy.ts';

export const PRIORITIES = ['P1', 'P2', 'P3', 'P4'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** What can take a phrase out of force: it is denied, imagined, long ago, about others, or only asked about. */
export const SCOPES = ['negated', 'hypothetical', 'past', 'third_person', 'general'] as const;
export type Scope = (typeof SCOPES)[number];

const phrases = z
  .array(z.string().min(1))
  .min(1)
  .transform((sources, context): Phrase[] =>
    sources.flatMap((source, index) => {
      try {
        return [parsePhrase(source)];
      } catch (error) {
        context.addIssue({
          code: 'custom',
          path: [index],
          message: error instanceof Error ? error.message : String(error),
        });
        return [];
      }
    }),
  );

/** The tree of conditions of a rule. Exactly one key each. */
export type Condition =
  | { readonly phrases: readonly Phrase[]; readonly unless: readonly Scope[] }
  | { readonly flag: string }
  | { readonly fact: string }
  | { readonly type: readonly string[] }
  | { readonly topic: readonly string[] }
  | { readonly channel: readonly string[] }
  | { readonly tier: readonly string[] }
  | { readonly amount_usd_at_least: number }
  | { readonly prior_contacts_at_least: number }
  | { readonly open_positions: boolean }
  | { readonly learned: { readonly flag: string; readonly at_least: number } }
  | { readonly doubted: { readonly flag: string; readonly below: number } }
  | { readonly emphasis_at_least: number }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition };

const names = z.array(z.string().min(1)).min(1);
export const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ phrases, unless: z.array(z.enum(SCOPES)).default([...SCOPES]) }),
    z.strictObject({ flag: z.string().min(1) }),
    z.strictObject({ fact: z.string().min(1) }),
    z.strictObject({ type: names }),
    z.strictObject({ topic: names }),
    z.strictObject({ channel: names }),
    z.strictObject({ tier: names }),
    z.strictObject({ amount_usd_at_least: z.number().positive() }),
    z.strictObject({ prior_contacts_at_least: z.int().min(1) }),
    z.strictObject({ open_positions: z.boolean() }),
    z.strictObject({ learned: z.strictObject({ flag: z.string().min(1), at_least: z.number().min(0).max(1) }) }),
    z.strictObject({ doubted: z.strictObject({ flag: z.string().min(1), below: z.number().min(0).max(1) }) }),
    z.strictObject({ emphasis_at_least: z.number().min(0) }),
    z.strictObject({ all: z.array(conditionSchema).min(1) }),
    z.strictObject({ any: z.array(conditionSchema).min(1) }),
    z.strictObject({ not: conditionSchema }),
  ]),
);

const effectSchema = z
  .strictObject({
    flag: z.string().optional(),
    fact: z.string().optional(),
    type: z.string().optional(),
    no_topics: z.boolean().optional(),
    points: z.int().min(-100).max(100).optional(),
    floor: z.enum(PRIORITIES).optional(),
    ceiling: z.enum(PRIORITIES).optional(),
    review: z.boolean().optional(),
  })
  .refine((effect) => Object.keys(effect).length > 0, 'a rule must have an effect');

export const ruleSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]{1,63}$/u),
  sentence: bilingualSchema,
  when: conditionSchema,
  /** The rule is silent where this holds. */
  unless: conditionSchema.optional(),
  // biome-ignore lint/suspicious/noThenProperty: `when … then` is how rule files read; the object is never awaited
  then: effectSchema,
  examples: z.strictObject({ fires: z.array(z.string().min(1)).min(2), silent: z.array(z.string()).min(2) }).optional(),
});
export type Rule = z.infer<typeof ruleSchema>;

/** `data/rules/*.yaml`. */
export const ruleFileSchema = z.strictObject({ version: z.string().min(1), rules: z.array(ruleSchema).min(1) });

const cueGroupSchema = z.strictObject({
  phrases,
  /** `clause`: reaches to the next comma; `sentence`: to the next full stop; `text`: everywhere. */
  reach: z.enum(['clause', 'sentence', 'text']),
  /** Units that may stand between the cue and what it governs. */
  within: z.int().min(1).max(400),
  /** Where the cue may stand. */
  side: z.enum(['before', 'after', 'both']),
  /** Words between the cue and the phrase that put the phrase back in force: "my friend says **my** account …". */
  voided_by: phrases.optional(),
  /** A cue directly followed by one of these, or one unit later, is none: "not **resolved**", "if **possible**". */
  absorbed_by: phrases.optional(),
});
export type CueGroup = z.infer<typeof cueGroupSchema>;

/** `data/lexicons/scope.yaml`: the words that open each scope, and those that close it again. */
export const scopeLexiconSchema = z.strictObject({
  version: z.string(),
  cues: z.record(z.enum(SCOPES), z.array(cueGroupSchema).min(1)),
});
export type ScopeLexicon = z.infer<typeof scopeLexiconSchema>;

/** `data/lexicons/cues.yaml`. */
export const cueLexiconSchema = z.strictObject({
  version: z.string(),
  cues: z.record(z.string().regex(/^[a-z_]+$/u), phrases),
});
