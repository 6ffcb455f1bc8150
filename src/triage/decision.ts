import { z } from 'zod';
import { explanationSchema } from './explanation.ts';
import { raisedSchema } from './raised.ts';
import { REDACTION_KINDS } from './redact-kinds.ts';
import { PRIORITIES } from './rules.ts';
import { settledSchema } from './settled.ts';
import { spanShape } from './span.ts';
import { bilingualSchema } from './taxonomy.ts';

const probability = z.number().min(0).max(1);
const labelSchema = z.object({ key: z.string(), confidence: probability }).meta({ id: 'Label' });
const givenSchema = z
  .object({
    key: z.string(),
    confidence: probability
      .nullable()
      .describe('The heads’ calibrated probability; null where people settled the value (`settled`).'),
  })
  .meta({ id: 'GivenLabel' });

export const reasonSchema = z
  .object({
    rule: z.string().describe('Name of the rule.'),
    points: z.number().describe('What the rule adds to the urgency score.'),
    quote: z.string().nullable().describe('The customer’s words that fired it, personal data masked.'),
    field: spanShape.field.nullable(),
    start: spanShape.start.nullable(),
    end: spanShape.end.nullable(),
    note: bilingualSchema,
  })
  .meta({ id: 'Reason' });
export type Reason = z.infer<typeof reasonSchema>;

/** What the service decided about one message, with everything needed to understand and replay it. */
export const decisionSchema = z
  .object({
    language: z
      .string()
      .describe('`zh`, `en`, `mixed`, another ISO 639-1 code, or `und` when there is nothing to tell by.'),
    type: givenSchema.extend({
      alternatives: z.array(labelSchema).describe('What the heads hold most probable beside it.'),
    }),
    topics: z.array(givenSchema).describe('Most prominent first.'),
    risk_flags: z.array(z.string()),
    urgency: z.object({ score: z.int().min(0).max(100), reasons: z.array(reasonSchema) }),
    priority: z.enum(PRIORITIES),
    priority_reasons: z.array(z.object({ rule: z.string(), priority: z.enum(PRIORITIES), note: bilingualSchema })),
    counterfactual: z
      .object({ change: bilingualSchema, priority: z.enum(PRIORITIES) })
      .nullable()
      .describe('The smallest change of facts that would change the priority.'),
    deadlines: z.object({ first_response_at: z.iso.datetime(), resolve_at: z.iso.datetime().nullable() }),
    queue: z.string().describe('The team that it goes to.'),
    needs_review: z.object({
      yes: z
        .boolean()
        .describe('True when a person should look before anything is done on the strength of this decision.'),
      why: z.array(z.object({ code: z.string(), note: bilingualSchema })),
    }),
    explanation: explanationSchema,
    settled: settledSchema
      .nullable()
      .default(null)
      .describe('What people decided about this message or one nearly the same; null where the machine alone did.'),
    raised: raisedSchema
      .optional()
      .describe('What came later and made the item more urgent: messages of the customer, items merged into it.'),
    redactions: z.array(z.object({ kind: z.enum(REDACTION_KINDS), ...spanShape })),
    input: z.object({
      characters: z.int(),
      tokens: z.int(),
      truncated: z.boolean(),
      reports: z.int().default(0).describe('Distinct customers with the same matter, as known when it was decided.'),
    }),
    versions: z
      .object({
        model: z.string(),
        taxonomy: z.string(),
        rules: z.string().describe('Rules, scopes and currencies.'),
        // Decisions of before deadlines and routing had versions of their own lack these two.
        sla: z.string().nullable().default(null).describe('Deadlines.'),
        routing: z.string().nullable().default(null),
        head: z.string(),
      })
      .describe('Hashes of what decided.'),
  })
  .meta({ id: 'Decision' });
export type Decision = z.infer<typeof decisionSchema>;

/** The same without the heads' probabilities of what people settled: they say nothing about a person's word. */
export function withoutSettledConfidence(decision: Decision): Decision {
  const { type, topics } = decision.settled?.values ?? {};
  return {
    ...decision,
    ...(type !== undefined && { type: { ...decision.type, confidence: null } }),
    ...(topics !== undefined && { topics: decision.topics.map(({ key }) => ({ key, confidence: null })) }),
  };
}
