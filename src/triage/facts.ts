import { z } from 'zod';
import { storable } from '../text/storable.ts';

export const MAX_PRIOR_CONTACTS = 10_000;

/** What the sender knows about the customer. */
export const customerSchema = z.strictObject({
  ref: storable(z.string().min(1).max(200)).optional().describe('The sender’s own id of the customer.'),
  tier: storable(z.string().min(1).max(64)).optional().describe('Such as `standard` or `vip`.'),
  open_positions: z.boolean().optional().describe('Positions are open at this moment.'),
  prior_contacts_same_matter: z
    .int()
    .min(0)
    .max(MAX_PRIOR_CONTACTS)
    .optional()
    .describe('Contacts about the matter before this one.'),
  times_reopened: z
    .int()
    .min(0)
    .max(MAX_PRIOR_CONTACTS)
    .optional()
    .describe('How often the matter was taken up again after it had been resolved.'),
});
export type CustomerFacts = z.infer<typeof customerSchema>;
/** Takes from what a sender told of a customer only what decisions may see. */
export const customerFacts = z.object(customerSchema.shape);

export const CHANNELS = [
  'survey',
  'email',
  'chat',
  'social',
  'phone',
  'focus_group',
  'in_app',
  'forum',
  'other',
] as const;
export type Channel = (typeof CHANNELS)[number];
