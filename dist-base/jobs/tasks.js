import { z } from 'zod';
import { expireKeys } from '../intake/expire-keys.js';
import { reembed } from './reembed.js';
const nothing = z.strictObject({});
/** What each task is given, and at which times it runs by itself (cron, UTC). */
export const TASKS = {
    'feedback.reembed': { payload: nothing, cron: undefined },
    'idempotency.expire': { payload: nothing, cron: '17 * * * *' },
};
/** One handler per task: a task without one does not compile. Every handler may run twice and must not mind. */
export const HANDLERS = {
    'feedback.reembed': (context, _payload, signal) => reembed(context, signal),
    'idempotency.expire': (context) => expireKeys(context),
};
//# sourceMappingURL=tasks.js.map