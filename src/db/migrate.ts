import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { Logger } from 'pino';
import { AppError } from '../errors.ts';
import type { Database } from './connect.ts';
import * as feedback from './migrations/0001-feedback.ts';
import * as corrections from './migrations/0002-corrections.ts';
import * as taxonomies from './migrations/0003-taxonomies.ts';
import * as policyVersions from './migrations/0004-policy-versions.ts';
import * as lifecycle from './migrations/0005-lifecycle.ts';
import * as deadlines from './migrations/0006-deadlines.ts';
import * as routing from './migrations/0007-routing.ts';
import * as conversation from './migrations/0008-conversation.ts';
import * as clusters from './migrations/0009-clusters.ts';
import * as clusterWork from './migrations/0010-cluster-work.ts';
import * as knowledge from './migrations/0011-knowledge.ts';
import * as replies from './migrations/0012-replies.ts';
import * as mail from './migrations/0013-mail.ts';
import * as rewording from './migrations/0014-rewording.ts';
import * as queuedReplies from './migrations/0015-queued-replies.ts';
import * as clusterChanges from './migrations/0016-cluster-changes.ts';
import type { Tables } from './tables.ts';

/** Every migration under the name by which the database remembers it; names sort in the order of running. */
export type MigrationList = Readonly<Record<string, Migration>>;

export const MIGRATIONS: MigrationList = {
  '0001-feedback': feedback,
  '0002-corrections': corrections,
  '0003-taxonomies': taxonomies,
  '0004-policy-versions': policyVersions,
  '0005-lifecycle': lifecycle,
  '0006-deadlines': deadlines,
  '0007-routing': routing,
  '0008-conversation': conversation,
  '0009-clusters': clusters,
  '0010-cluster-work': clusterWork,
  '0011-knowledge': knowledge,
  '0012-replies': replies,
  '0013-mail': mail,
  '0014-rewording': rewording,
  '0015-queued-replies': queuedReplies,
  '0016-cluster-changes': clusterChanges,
};

/** Names of the migrations that the database has not had yet, in order. @throws AppError `schema_too_new` */
export async function pendingMigrations(database: Database, migrations = MIGRATIONS): Promise<string[]> {
  const applied = await listApplied(database.kysely);
  refuseUnknown(applied, migrations);
  return namesOf(migrations).filter((name) => !applied.includes(name));
}

/**
 * Runs what is pending, all of it in one transaction, and gives the names.
 *
 * Several processes may call it at once: on PostgreSQL Kysely holds an advisory lock for its length.
 *
 * @throws AppError `schema_too_new` when the database knows a migration that this code does not
 */
export async function migrateToLatest(database: Database, logger: Logger, migrations = MIGRATIONS): Promise<string[]> {
  const pending = await pendingMigrations(database, migrations);
  if (pending.length === 0) return [];
  const done = await database.maintenance((kysely) => migrateTo(kysely, migrations));
  if (done.length > 0) logger.info({ migrations: done }, 'the database schema is up to date');
  return done;
}

/**
 * Migrates up or down to the named migration (default: the last one); `null` takes everything away.
 *
 * Given a transaction it works in it.
 */
export async function migrateTo(kysely: Kysely<Tables>, migrations: MigrationList, target?: string | null) {
  const migrator = new Migrator({ db: kysely, provider: { getMigrations: async () => migrations } });
  const direction = target === null ? { __noMigrations__: true as const } : target;
  const { error, results } = await (direction === undefined
    ? migrator.migrateToLatest()
    : migrator.migrateTo(direction));
  if (error !== undefined) {
    // Another process with newer code may have come first.
    refuseUnknown(await listApplied(kysely), migrations);
    throw error;
  }
  return (results ?? []).map((result) => result.migrationName);
}

/** Names of the migrations that the database has had, in order. */
export async function listApplied(kysely: Kysely<Tables>): Promise<string[]> {
  const found = await sql<{ present: boolean }>`
    select to_regclass('kysely_migration') is not null as present`.execute(kysely);
  if (!found.rows[0]?.present) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(kysely);
  return rows.map((row) => row.name);
}

function namesOf(migrations: MigrationList): string[] {
  return Object.keys(migrations).sort();
}

function refuseUnknown(applied: readonly string[], migrations: MigrationList): void {
  const unknown = applied.filter((name) => !Object.hasOwn(migrations, name));
  if (unknown.length === 0) return;
  throw new AppError(
    'schema_too_new',
    `The database was migrated by a newer version of this program (${unknown.join(', ')}); run that version.`,
  );
}
