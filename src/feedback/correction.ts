import { z } from 'zod';
import { AppError, type FieldError } from '../errors.ts';
import { PRIORITIES } from '../triage/rules.ts';
import { settledValuesSchema } from '../triage/settled.ts';
import type { Taxonomy } from '../triage/taxonomy.ts';
import { person, remark } from './request-fields.ts';

const key = z.string().min(1).max(64);
const keys = z
  .array(key)
  .max(32)
  .refine((list) => new Set(list).size === list.length, 'must not name one twice');

/** The body of `POST /v1/feedback/{id}/corrections`. */
export const correctionRequestSchema = z
  .strictObject({
    type: key.optional().describe('What the customer is doing, by the taxonomy.'),
    topics: keys.optional().describe('All of them, most prominent first; an empty list for none.'),
    risk_flags: keys.optional().describe('All of them; an empty list for none.'),
    priority: z.enum(PRIORITIES).optional().describe('Stays as it is given, whatever else is corrected later.'),
    confirm: z.literal(true).optional().describe('What is not given is right as it stands.'),
    note: remark.optional().describe('Why, for colleagues. Personal data is masked.'),
    by: person.optional(),
  })
  .refine(
    ({ type, topics, risk_flags, priority, confirm }) =>
      [type, topics, risk_flags, priority, confirm].some((value) => value !== undefined),
    'must give at least one of type, topics, risk_flags, priority, or "confirm": true',
  );
export type CorrectionRequest = z.infer<typeof correctionRequestSchema>;

/** One correction as the API shows it. */
export const correctionSchema = z.object({
  id: z.uuid(),
  created_at: z.iso.datetime(),
  actor: z.record(z.string(), z.unknown()),
  by: z.string().nullable(),
  machine: settledValuesSchema.describe('What rules and heads decide without people.'),
  before: settledValuesSchema,
  after: settledValuesSchema,
  note: z.string().nullable(),
});
export type Correction = z.infer<typeof correctionSchema>;

/** @throws AppError `invalid_input` naming each label that the taxonomy does not know, with those that it does */
export function checkLabels(taxonomy: Taxonomy, request: CorrectionRequest): void {
  const errors: FieldError[] = [];
  const check = (pointer: string, given: string, known: readonly { readonly key: string }[]) => {
    if (!known.some((label) => label.key === given))
      errors.push({ pointer, message: `must be one of: ${known.map((label) => label.key).join(', ')}` });
  };
  if (request.type !== undefined) check('/type', request.type, taxonomy.types);
  request.topics?.forEach((topic, at) => {
    check(`/topics/${at}`, topic, taxonomy.topics);
  });
  request.risk_flags?.forEach((flag, at) => {
    check(`/risk_flags/${at}`, flag, taxonomy.risk_flags);
  });
  if ((request.topics?.length ?? 0) > taxonomy.max_topics)
    errors.push({ pointer: '/topics', message: `must name at most ${taxonomy.max_topics}` });
  if (errors.length === 0) return;
  const fields = errors.map(({ pointer }) => pointer).join(', ');
  throw new AppError('invalid_input', `Not accepted: ${fields}.`, { errors });
}
