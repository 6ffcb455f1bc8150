import { z } from 'zod';
import { bilingualSchema } from './taxonomy.ts';

/** `data/follow-up.yaml`: what customers are asked some days after a solution. */
export const followUpSchema = z.strictObject({ version: z.string().min(1), question: bilingualSchema });
export type FollowUpTexts = z.infer<typeof followUpSchema>;
