import type { Transaction } from 'kysely';
import type { Tables } from '../db/tables.ts';

/** Where the delivery of replies is asked for: the part of the job queue that jobs themselves may know. */
export interface DeliveryQueue {
  enqueue(
    name: 'replies.deliver',
    payload: { readonly reply_id: string },
    subject: string,
    within: Transaction<Tables>,
  ): Promise<void>;
}
