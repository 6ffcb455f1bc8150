import { z } from 'zod';
import { inlineLabelsSchema, MAX_INLINE, MIN_INLINE } from '../taxonomies/inline-labels.ts';
import { mailAddress } from '../text/mail-address.ts';
import { storable, visibleText } from '../text/storable.ts';
import { CHANNELS, customerSchema } from '../triage/facts.ts';

export const MAX_TEXT = 20_000;
const MAX_SUBJECT = 500;
const MAX_METADATA_KEYS = 32;
const MAX_METADATA_VALUE = 500;
export const MAX_BATCH = 100;

/** A time with its zone, within the years that the database knows. */
export const zonedTime = z.iso
  .datetime({ offset: true, message: 'must be an RFC 3339 time with a zone, such as 2026-11-01T09:30:00+08:00' })
  .refine((value) => {
    const year = new Date(value).getUTCFullYear();
    return Number.isNaN(year) || (year >= 1 && year <= 9_999);
  }, 'must lie in the years 1 to 9999');

const messageShape = {
  text: visibleText(MAX_TEXT).describe('What the customer wrote.'),
  subject: storable(z.string().max(MAX_SUBJECT, `must have at most ${MAX_SUBJECT} characters`))
    .optional()
    .describe('Of a mail.'),
  channel: z.enum(CHANNELS).default('other').describe('Where it came from.'),
  language: z
    .string()
    // No flags: the OpenAPI document would print them as a part of the pattern.
    .regex(/^(?:[a-z]{2,3}|mixed)$/, 'must be zh, en, mixed or another ISO 639 code; leave it out to have it detected')
    .optional()
    .describe('`zh`, `en`, `mixed` or another ISO 639 code, when the sender knows it. Detected otherwise.'),
  happened_at: zonedTime.optional().describe('When it happened, with a zone.'),
  customer: customerSchema.optional().describe('What the sender knows about the customer.'),
};
const defaultOnly = z
  .literal('default', { error: 'must be "default": only `/classify` takes another taxonomy' })
  .optional()
  .describe('By which the message is decided.');

/** One message that is decided by the default taxonomy. */
export const classifyRequestSchema = z.strictObject({ ...messageShape, taxonomy: defaultOnly });
export type ClassifyRequest = z.infer<typeof classifyRequestSchema>;

/** The body of `POST /v1/classify`. */
export const classifyBodySchema = z
  .strictObject({
    ...messageShape,
    taxonomy: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe('By which the message is decided: `default` unless given, or a name of `GET /v1/taxonomies`.'),
    labels: inlineLabelsSchema
      .optional()
      .describe(
        `For a decision between labels that are set up nowhere: ${MIN_INLINE} to ${MAX_INLINE} of them, told by name, description and examples. Not together with \`taxonomy\`.`,
      ),
  })
  .refine(({ taxonomy, labels }) => taxonomy === undefined || labels === undefined, {
    path: ['labels'],
    error: 'must not be given together with taxonomy; send one of the two',
  })
  .meta({ id: 'ClassifyRequest' });
export type ClassifyBody = z.infer<typeof classifyBodySchema>;

/** The body of `POST /v1/feedback`: the same message with where it came from. */
export const feedbackRequestSchema = z
  .strictObject({
    ...messageShape,
    customer: customerSchema
      .extend({
        email: mailAddress
          .optional()
          .describe('Where replies by mail go. It is kept sealed: no answer, rule, model or webhook sees it.'),
      })
      .optional()
      .describe('What the sender knows about the customer.'),
    taxonomy: defaultOnly,
    source: storable(z.string().min(1).max(100))
      .default('api')
      .describe('The system that sends it; `external_id` is unique within it.'),
    external_id: storable(z.string().min(1).max(200))
      .optional()
      .describe('The id there. Sent again, the item that exists is answered.'),
    rating: z.int().min(0).max(10).optional().describe('What the customer gave, on the sender’s scale.'),
    metadata: z
      .record(
        storable(z.string().min(1).max(64)),
        z.union([storable(z.string().max(MAX_METADATA_VALUE)), z.number(), z.boolean(), z.null()], {
          error: `must be plain text of at most ${MAX_METADATA_VALUE} characters, a finite number, true, false or null`,
        }),
      )
      .refine((value) => Object.keys(value).length <= MAX_METADATA_KEYS, `must have at most ${MAX_METADATA_KEYS} keys`)
      .optional()
      .describe(
        `A small flat object of the sender’s own: at most ${MAX_METADATA_KEYS} keys of 1 to 64 characters, text up to ${MAX_METADATA_VALUE}.`,
      ),
  })
  .meta({ id: 'FeedbackRequest' });
export type FeedbackRequest = z.infer<typeof feedbackRequestSchema>;
