import { z } from 'zod';
import { type Decision, decisionSchema } from '../triage/decision.ts';
import { CHANNELS, customerSchema } from '../triage/facts.ts';
import { PRIORITIES } from '../triage/rules.ts';

const instant = z.iso.datetime();

/** One item as the API shows it: the text is masked. */
export const feedbackSchema = z
  .object({
    id: z.uuid(),
    status: z.string().describe('Where it stands, such as `prioritised` or `assigned`.'),
    received_at: instant,
    happened_at: instant.nullable(),
    updated_at: instant,
    version: z.int().describe('Grows with every change.'),
    channel: z.enum(CHANNELS),
    source: z.string().nullable(),
    external_id: z.string().nullable(),
    subject: z.string().nullable().describe('Personal data masked.'),
    text: z.string().describe('Personal data masked.'),
    rating: z.int().nullable(),
    metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    customer: customerSchema,
    language: z.string(),
    type: z.string(),
    topics: z.array(z.string()),
    risk_flags: z.array(z.string()),
    urgency_score: z.int(),
    priority: z.enum(PRIORITIES),
    queue: z.string(),
    needs_review: z.boolean().describe('A person should look before anything is done.'),
    first_response_due_at: instant,
    resolve_due_at: instant.nullable(),
  })
  .meta({ id: 'Feedback' });
export type FeedbackView = z.infer<typeof feedbackSchema>;

export const storedDecisionSchema = z
  .object({
    id: z.uuid(),
    created_at: instant,
    actor: z.record(z.string(), z.unknown()),
    decision: decisionSchema,
  })
  .meta({ id: 'StoredDecision' });
export type StoredDecision = z.infer<typeof storedDecisionSchema>;

export const feedbackDetailSchema = feedbackSchema
  .extend({
    decision: decisionSchema,
    decisions: z.array(storedDecisionSchema).describe('Every decision about the item, oldest first.'),
  })
  .meta({ id: 'FeedbackDetail' });
export type FeedbackDetail = z.infer<typeof feedbackDetailSchema>;

/** The answer of a submission: the item and its decision. */
export const submittedSchema = feedbackSchema.extend({ decision: decisionSchema }).meta({ id: 'Submitted' });
export type Submitted = FeedbackView & { readonly decision: Decision };
