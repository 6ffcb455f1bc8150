import { z } from 'zod';
import { bilingualSchema } from '../../triage/taxonomy.ts';

const subject = bilingualSchema.refine(
  ({ zh, en }) => [zh, en].every((text) => text.includes('{reference}') && !/\p{Cc}/u.test(text)),
  'must say {reference} in both languages, on one line',
);

/** `data/mail.yaml`: what mails to customers are headed with. */
export const mailTextsSchema = z.strictObject({
  version: z.string().min(1),
  subjects: z.strictObject({ reply: subject, acknowledgement: subject }),
});
export type MailTexts = z.infer<typeof mailTextsSchema>;
