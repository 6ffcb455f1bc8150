import { type Kysely, sql } from 'kysely';

/** Replies that wait to be sent, found without reading all that were sent. Frozen. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Serves: the sweep for replies that wait without a job.
  await sql`create index reply_queued on reply (id) where state = 'queued'`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index reply_queued`.execute(db);
}
