import { z } from 'zod';
import { type Pattern, parsePattern } from '../text/pattern.ts';
import { type Phrase, parsePhrase } from '../text/phrases.ts';
import { CHANNELS } from './facts.ts';

/**
 * What can take a phrase out of force: it is denied, imagined, long ago, about others, only asked about, or somebody
 * else's words in quotation marks.
 */
export const SCOPES = ['negated', 'hypothetical', 'past', 'third_person', 'general', 'quoted'] as const;
export type Scope = (typeof SCOPES)[number];

/** Phrases in the notation of `parsePhrase`; each that cannot be read is a problem of its own. */
export const phrasesSchema = z
  .array(z.string().min(1).max(4_000))
  .min(1)
  .max(500)
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

/** A label whose probability the learned heads give. */
export interface Estimated {
  readonly flag?: string | undefined;
  readonly type?: string | undefined;
  readonly topic?: string | undefined;
}

/** Words that a text is searched for, and the scopes in which they do not count. */
export type WordCondition =
  | { readonly phrases: readonly Phrase[]; readonly unless: readonly Scope[] }
  | { readonly pattern: Pattern; readonly unless: readonly Scope[] };

/** The tree of conditions of a rule. Exactly one key each. */
export type Condition =
  | WordCondition
  | { readonly flag: string }
  | { readonly fact: string }
  | { readonly type: readonly string[] }
  | { readonly topic: readonly string[] }
  | { readonly channel: readonly string[] }
  | { readonly tier: readonly string[] }
  | { readonly amount_usd_at_least: number }
  | { readonly prior_contacts_at_least: number }
  | { readonly reopened_at_least: number }
  | { readonly similar_reports_at_least: number }
  | { readonly open_positions: boolean }
  | { readonly learned: Estimated & { readonly at_least: number } }
  | { readonly doubted: Estimated & { readonly below: number } }
  | { readonly emphasis_at_least: number }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition };

const names = z.array(z.string().min(1)).min(1);
const probability = z.number().min(0).max(1);
const name = z.string().min(1).optional();
const estimated = { flag: name, type: name, topic: name };
const isOne = ({ flag, type, topic }: Estimated) =>
  [flag, type, topic].filter((given) => given !== undefined).length === 1;
const ONE = 'must name one label, with flag, type or topic';
const scopes = z.array(z.enum(SCOPES)).default([...SCOPES]);
const patternSchema = z
  .strictObject({ pattern: z.string().min(1), flags: z.string().max(3).optional(), unless: scopes })
  .transform(({ pattern: source, flags, unless }, context) => {
    try {
      return { pattern: parsePattern(source, flags), unless };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      context.addIssue({ code: 'custom', path: ['pattern'], message: error.message });
      return z.NEVER;
    }
  });
const nested = z.lazy(() => conditionSchema);

/** Every condition by the key that tells it. */
const CONDITIONS: Readonly<Record<string, z.ZodType<Condition>>> = {
  phrases: z.strictObject({ phrases: phrasesSchema, unless: scopes }),
  pattern: patternSchema,
  flag: z.strictObject({ flag: z.string().min(1) }),
  fact: z.strictObject({ fact: z.string().min(1) }),
  type: z.strictObject({ type: names }),
  topic: z.strictObject({ topic: names }),
  channel: z.strictObject({ channel: z.array(z.enum(CHANNELS)).min(1) }),
  tier: z.strictObject({ tier: names }),
  amount_usd_at_least: z.strictObject({ amount_usd_at_least: z.number().positive() }),
  prior_contacts_at_least: z.strictObject({ prior_contacts_at_least: z.int().min(1) }),
  reopened_at_least: z.strictObject({ reopened_at_least: z.int().min(1) }),
  similar_reports_at_least: z.strictObject({ similar_reports_at_least: z.int().min(1) }),
  open_positions: z.strictObject({ open_positions: z.boolean() }),
  learned: z.strictObject({ learned: z.strictObject({ ...estimated, at_least: probability }).refine(isOne, ONE) }),
  doubted: z.strictObject({ doubted: z.strictObject({ ...estimated, below: probability }).refine(isOne, ONE) }),
  emphasis_at_least: z.strictObject({ emphasis_at_least: z.number().min(0) }),
  all: z.strictObject({ all: z.array(nested).min(1) }),
  any: z.strictObject({ any: z.array(nested).min(1) }),
  not: z.strictObject({ not: nested }),
};

/** Read by the key, not as a union: what is wrong is then told of the condition that was meant. */
export const conditionSchema: z.ZodType<Condition> = z.unknown().transform((value, context): Condition => {
  const keys = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  const known = keys.filter((key) => Object.hasOwn(CONDITIONS, key));
  const schema = known[0] === undefined ? undefined : CONDITIONS[known[0]];
  if (schema === undefined) {
    const found = keys.length > 0 ? `there is no condition ${keys.slice(0, 3).join(', ').slice(0, 80)}; ` : '';
    const message = `${found}it must be an object with one of: ${Object.keys(CONDITIONS).join(', ')}`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
  if (known.length > 1) {
    const message = `holds ${known.join(' and ')}: one condition each; put them together with all or any`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) passOn(issue, context);
  return z.NEVER;
});

function passOn(issue: z.core.$ZodIssue, context: z.core.$RefinementCtx): void {
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys : [];
  for (const key of unknown)
    context.addIssue({ code: 'custom', path: [...issue.path, key], message: 'is not a known field' });
  if (unknown.length === 0) context.addIssue({ code: 'custom', path: [...issue.path], message: issue.message });
}

/** A condition that holds no others, and its JSON Pointer below the root of the tree. */
export interface Leaf {
  readonly condition: Condition;
  readonly pointer: string;
}

/** All conditions of a tree that hold no others, also those under `not`. */
export function leavesOf(condition: Condition, pointer = ''): Leaf[] {
  if ('all' in condition) return condition.all.flatMap((part, at) => leavesOf(part, `${pointer}/all/${at}`));
  if ('any' in condition) return condition.any.flatMap((part, at) => leavesOf(part, `${pointer}/any/${at}`));
  if ('not' in condition) return leavesOf(condition.not, `${pointer}/not`);
  return [{ condition, pointer }];
}
