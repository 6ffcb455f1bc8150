import { z } from 'zod';
import type { Context } from '../context.ts';
import { PRIORITIES } from '../triage/rules.ts';
import type { ChangeOptions } from './change-item.ts';
import { type Corrected, correctFeedback } from './correct.ts';
import { person, remark } from './request-fields.ts';

export const priorityRequestSchema = z
  .strictObject({
    priority: z.enum(PRIORITIES).describe('Stays as it is given, whatever the machine decides later.'),
    reason: remark.describe('Why, for colleagues. Personal data is masked.'),
    by: person.optional(),
  })
  .meta({ id: 'PriorityRequest' });

/** A person's word on the priority alone: a correction of it. @throws AppError as `correctFeedback` */
export async function setPriority(
  context: Context,
  id: string,
  { priority, reason, by }: z.infer<typeof priorityRequestSchema>,
  options: ChangeOptions,
): Promise<Corrected> {
  return await correctFeedback(context, id, { priority, note: reason, by }, options);
}
