import { type Kysely, sql } from 'kysely';

/** By which policy deadlines are counted, what was missed, and when to look again. Frozen. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table feedback
      add column sla_version text,
      add column breaches jsonb not null default '{}',
      add column sweep_at timestamptz`.execute(db);
  // Of the items that are there only those with a deadline ahead: nobody wants to be told of all that ever was late.
  await sql`
    update feedback set sweep_at = first_response_due_at
    where resolved_at is null and greatest(first_response_due_at, resolve_due_at) > now()`.execute(db);
  // Serves: the sweep, what is due longest first.
  await sql`create index feedback_sweep on feedback (sweep_at, id) where sweep_at is not null`.execute(db);
  // Holds: a deadline of an item is told of once per priority, also when a sweep is repeated.
  await sql`
    create unique index outbox_deadline on outbox (subject_id, event, (payload->>'deadline'), (payload->>'priority'))
    where event in ('deadline.warned', 'deadline.breached')`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index outbox_deadline`.execute(db);
  await sql`alter table feedback drop column sla_version, drop column breaches, drop column sweep_at`.execute(db);
}
