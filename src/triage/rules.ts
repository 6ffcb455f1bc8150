import { z } from 'zod';
import { conditionSchema, phrasesSchema, SCOPES } from './conditions.ts';
import { examplesSchema } from './examples.ts';
import { bilingualSchema } from './taxonomy.ts';

export const PRIORITIES = ['P1', 'P2', 'P3', 'P4'] as const;
export type Priority = (typeof PRIORITIES)[number];

export const effectSchema = z
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
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]{1,63}$/u, 'must have 2 to 64 small letters, digits and _, and begin with a letter'),
  sentence: bilingualSchema,
  when: conditionSchema,
  /** The rule is silent where this holds. */
  unless: conditionSchema.optional(),
  // biome-ignore lint/suspicious/noThenProperty: `when … then` is how rule files read; the object is never awaited
  then: effectSchema,
  examples: examplesSchema,
});
export type Rule = z.infer<typeof ruleSchema>;

/** `data/rules/*.yaml`. */
export const ruleFileSchema = z.strictObject({ version: z.string().min(1), rules: z.array(ruleSchema).min(1) });

const cueGroupSchema = z.strictObject({
  phrases: phrasesSchema,
  /** `clause`: reaches to the next comma; `sentence`: to the next full stop; `text`: everywhere. */
  reach: z.enum(['clause', 'sentence', 'text']),
  /** Units that may stand between the cue and what it governs. */
  within: z.int().min(1).max(400),
  /** Where the cue may stand. */
  side: z.enum(['before', 'after', 'both']),
  /** Words between the cue and the phrase that put the phrase back in force: "my friend says **my** account …". */
  voided_by: phrasesSchema.optional(),
  /** A cue directly followed by one of these, or one unit later, is none: "not **resolved**", "if **possible**". */
  absorbed_by: phrasesSchema.optional(),
});
export type CueGroup = z.infer<typeof cueGroupSchema>;

/** `data/lexicons/scope.yaml`: the words that open each scope, and those that close it again. */
export const scopeLexiconSchema = z.strictObject({
  version: z.string(),
  cues: z.partialRecord(z.enum(SCOPES), z.array(cueGroupSchema).min(1)),
});
export type ScopeLexicon = z.infer<typeof scopeLexiconSchema>;

/** `data/lexicons/cues.yaml`. */
export const cueLexiconSchema = z.strictObject({
  version: z.string(),
  cues: z.record(z.string().regex(/^[a-z_]+$/u), phrasesSchema),
});
