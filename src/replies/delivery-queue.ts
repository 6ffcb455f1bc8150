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
  /** For which of the subjects a run waits, is to be tried again, or is under way. */
  findLive(
    name: 'replies.deliver',
    subjects: readonly string[],
    within: Transaction<Tables>,
  ): Promise<ReadonlySet<string>>;
}
