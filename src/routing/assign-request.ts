import { z } from 'zod';
import { person, remark } from '../feedback/request-fields.ts';
import { feedbackSchema } from '../feedback/view.ts';
import { zonedTime } from '../intake/request.ts';
import { bilingualSchema } from '../triage/taxonomy.ts';

const DEEDS = ['to', 'release', 'queue', 'snooze_until'] as const;

/** The body of `POST /v1/feedback/{id}/assign`: exactly one deed. */
export const assignRequestSchema = z
  .strictObject({
    to: z.uuid().optional().describe('The agent who gets it, or who takes it.'),
    take_over: z.boolean().optional().describe('With `to`: also from somebody else.'),
    release: z.literal(true).optional().describe('Gives it back to its queue.'),
    queue: z.string().min(1).max(64).optional().describe('Hands it over to another queue, where it stays.'),
    snooze_until: zonedTime
      .nullable()
      .optional()
      .describe('Out of sight until then, before the first response is due; null brings it back. Never a P1.'),
    reason: remark.optional().describe('Why. Needed where an item leaves a restricted queue. Personal data is masked.'),
    by: person.optional(),
  })
  .superRefine((request, context) => {
    const deeds = DEEDS.filter((name) => request[name] !== undefined);
    const say = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    if (deeds.length !== 1) say([], `must give exactly one of ${DEEDS.join(', ')}`);
    if (request.take_over !== undefined && request.to === undefined) say(['take_over'], 'is only for `to`');
  })
  .meta({ id: 'AssignRequest' });
export type AssignRequest = z.infer<typeof assignRequestSchema>;

/** The body of `POST /v1/queues/{key}/next`. */
export const nextRequestSchema = z
  .strictObject({ agent: z.uuid().describe('Who takes it.'), by: person.optional() })
  .meta({ id: 'NextRequest' });
export type NextRequest = z.infer<typeof nextRequestSchema>;

/** What a person should know who gives an item to an agent by hand. */
export const WARNINGS = {
  skill_missing: { zh: '该客服没有这个队列的技能', en: 'The agent does not have the skill of this queue' },
  language_missing: { zh: '该客服不使用这条反馈的语言', en: 'The agent does not work in the language of this item' },
  not_available: { zh: '该客服目前不在岗', en: 'The agent is not available now' },
  over_capacity: { zh: '超出了该客服的容量', en: 'It is more than the agent’s capacity' },
} as const;
export type WarningCode = keyof typeof WARNINGS;

/** An item after an assignment, with what is unusual about it. */
export const assignedItemSchema = feedbackSchema
  .extend({
    warnings: z
      .array(z.object({ code: z.string(), note: bilingualSchema }))
      .describe(`What is unusual about the agent: ${Object.keys(WARNINGS).join(', ')}.`),
  })
  .meta({ id: 'AssignedItem' });
export type AssignedItem = z.infer<typeof assignedItemSchema>;
