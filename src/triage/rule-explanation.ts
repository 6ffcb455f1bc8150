import { z } from 'zod';
import { SCOPES } from './conditions.ts';
import { decisionSchema } from './decision.ts';
import { REDACTION_KINDS } from './redact-kinds.ts';
import { effectSchema } from './rules.ts';
import { spanShape } from './span.ts';
import { bilingualSchema } from './taxonomy.ts';

const placeSchema = z
  .object({ quote: z.string().describe('As the customer spelled it, personal data masked.'), ...spanShape })
  .meta({ id: 'Quote' });
const probabilities = z.array(z.object({ key: z.string(), probability: z.number() }));

const silencerSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('scope'),
    scope: z.enum(SCOPES),
    cue: placeSchema.describe('The words that take it out of force.'),
    note: bilingualSchema,
  }),
  z.object({ kind: z.literal('unless'), note: bilingualSchema.describe('What the rule excepts, and is there.') }),
  z.object({
    kind: z.literal('condition'),
    note: bilingualSchema.describe('What the rule asks for, and is not there.'),
  }),
  z.object({
    kind: z.literal('ceiling'),
    rule: z.string().describe('The rule whose ceiling took the floor of this one away.'),
    note: bilingualSchema,
  }),
]);

/** How a decision came about, rule by rule. */
export const ruleExplanationSchema = z
  .object({
    text: z.object({
      normalized: z.string().describe('Personal data masked, half width, small letters, simplified: what rules read.'),
      language: z.string(),
      segments: z.array(z.string()).describe('Words as they are cut.'),
      masked: z.array(z.enum(REDACTION_KINDS)),
    }),
    cues: z
      .array(
        z.object({
          scope: z.enum(SCOPES),
          name: bilingualSchema,
          at: placeSchema,
          reach: z.array(placeSchema).describe('What it may take out of force.'),
        }),
      )
      .describe('Words that open a scope.'),
    fired: z.array(
      z.object({
        rule: z.string(),
        note: bilingualSchema,
        quotes: z.array(placeSchema),
        points: z.int().describe('Of the rule.'),
        counted: z.int().describe('What it added to the score: of rules of one flag only the strongest counts.'),
        effect: effectSchema,
      }),
    ),
    silenced: z
      .array(
        z.object({
          rule: z.string(),
          note: bilingualSchema,
          quotes: z.array(placeSchema),
          by: z.array(silencerSchema),
        }),
      )
      .describe('Rules whose words stand in the text and that had no effect, with what kept them from it.'),
    facts: z.object({
      type: z.string(),
      topics: z.array(z.string()),
      noted: z.array(z.string()).describe('Facts that rules noted for other rules.'),
      channel: z.string(),
      tier: z.string().nullable(),
      prior_contacts: z.int(),
      reopened: z.int(),
      reports: z.int(),
      open_positions: z.boolean().nullable(),
    }),
    learned: z.object({
      types: probabilities,
      topics: probabilities,
      flags: probabilities,
      type_threshold: z.number().describe('Below it a person is asked.'),
      topic_thresholds: z
        .object({ first: z.number(), further: z.number() })
        .describe('For the most probable topic, and for others beside it.'),
    }),
    amounts: z.array(
      z.object({
        at: placeSchema,
        amount: z.number(),
        currency: z.string(),
        usd_per_unit: z.number().nullable(),
        amount_usd: z.number(),
      }),
    ),
    decision: decisionSchema,
  })
  .meta({ id: 'RuleExplanation' });
