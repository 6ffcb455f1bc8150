import { z } from 'zod';
import { AppError, type FieldError } from '../errors.ts';
import { PRIORITIES } from '../triage/rules.ts';
import { type SettledValues, settledValuesSchema } from '../triage/settled.ts';
import { type LabelGroup, refuseLabel, type Taxonomy } from '../triage/taxonomy.ts';
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

/**
 * @param standing what `confirm` says is right
 * @throws AppError `invalid_input` naming each label that the taxonomy does not know, or not any more, with those that
 *   it does
 */
export function checkLabels(taxonomy: Taxonomy, request: CorrectionRequest, standing: SettledValues = {}): void {
  const { type, topics, risk_flags, confirm } = request;
  const errors: FieldError[] = [];
  const check = (pointer: string, group: LabelGroup, key: string) => {
    const message = refuseLabel(taxonomy, group, key);
    if (message !== undefined) errors.push({ pointer, message });
  };
  if (type !== undefined) check('/type', 'types', type);
  topics?.forEach((topic, at) => {
    check(`/topics/${at}`, 'topics', topic);
  });
  risk_flags?.forEach((flag, at) => {
    check(`/risk_flags/${at}`, 'risk_flags', flag);
  });
  if ((topics?.length ?? 0) > taxonomy.max_topics)
    errors.push({ pointer: '/topics', message: `must name at most ${taxonomy.max_topics}` });
  if (confirm) errors.push(...refuseStanding(taxonomy, request, standing));
  if (errors.length === 0) return;
  const fields = errors.map(({ pointer }) => pointer).join(', ');
  throw new AppError('invalid_input', `Not accepted: ${fields}.`, { errors });
}

/** What stands and is confirmed may be of an earlier taxonomy: then the field must be given. */
function refuseStanding(taxonomy: Taxonomy, request: CorrectionRequest, standing: SettledValues): FieldError[] {
  const fields = { type: 'types', topics: 'topics', risk_flags: 'risk_flags' } as const;
  return (Object.keys(fields) as (keyof typeof fields)[]).flatMap((field) => {
    if (request[field] !== undefined) return [];
    const message = [standing[field] ?? []]
      .flat()
      .map((key) => refuseLabel(taxonomy, fields[field], key))
      .find((refusal) => refusal !== undefined);
    return message === undefined
      ? []
      : [
          {
            pointer: '/confirm',
            message: `what stands as ${field} cannot be confirmed: it ${message}; give "${field}"`,
          },
        ];
  });
}
