import { z } from 'zod';
import { storable } from '../text/storable.js';
/** What the sender knows about the customer. */
export const customerSchema = z.strictObject({
    ref: storable(z.string().min(1).max(200)).optional(),
    tier: storable(z.string().min(1).max(64)).optional(),
    open_positions: z.boolean().optional(),
    prior_contacts_same_matter: z.int().min(0).max(10_000).optional(),
});
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
];
//# sourceMappingURL=facts.js.map