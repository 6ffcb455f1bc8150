import { z } from 'zod';
import { type Decision, decisionSchema } from '../triage/decision.ts';
import { CHANNELS, customerSchema } from '../triage/facts.ts';
import { RESOLUTIONS, STATUSES } from '../triage/lifecycle.ts';
import { PRIORITIES } from '../triage/rules.ts';

const instant = z.iso.datetime();

/** One item as the API shows it: the text is masked. */
export const feedbackSchema = z
  .object({
    id: z.uuid(),
    status: z.enum(STATUSES).describe('Where it stands in its life.'),
    next: z.array(z.enum(STATUSES)).describe('Where a person can take it from there; nowhere while it is merged.'),
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
    queue: z.string().describe('Where it lies. A person may have handed it over since the decision.'),
    needs_review: z.boolean().describe('A person should look before anything is done.'),
    first_response_due_at: instant,
    resolve_due_at: instant.nullable(),
    assignee: z.uuid().nullable().describe('The agent who has it.'),
    snoozed_until: instant.nullable().describe('Out of sight until then.'),
    first_responded_at: instant.nullable(),
    resolved_at: instant.nullable(),
    resolution: z.enum(RESOLUTIONS).nullable(),
    closed_at: instant.nullable(),
    reopened: z.int().describe('How often it was reopened.'),
    satisfaction: z.int().nullable().describe('What the customer said of the solution, 1 to 5.'),
    merged_into: z.uuid().nullable().describe('The item that speaks for this one since they were merged.'),
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

/** What is empty in the life of an item that has just come. */
export const UNTOUCHED = {
  assignee: null,
  snoozed_until: null,
  first_responded_at: null,
  resolved_at: null,
  resolution: null,
  closed_at: null,
  reopened: 0,
  satisfaction: null,
  merged_into: null,
} as const satisfies Partial<FeedbackView>;

/** The answer of a submission: the item and its decision. */
export const submittedSchema = feedbackSchema.extend({ decision: decisionSchema }).meta({ id: 'Submitted' });
export type Submitted = FeedbackView & { readonly decision: Decision };
