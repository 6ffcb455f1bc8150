import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { AppError } from '../errors.js';
import * as feedback from './migrations/0001-feedback.js';
export const MIGRATIONS = {
    '0001-feedback': feedback,
};
/** Names of the migrations that the database has not had yet, in order. @throws AppError `schema_too_new` */
export async function pendingMigrations(database, migrations = MIGRATIONS) {
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
export async function migrateToLatest(database, logger, migrations = MIGRATIONS) {
    const pending = await pendingMigrations(database, migrations);
    if (pending.length === 0)
        return [];
    const done = await database.maintenance((kysely) => migrateTo(kysely, migrations));
    if (done.length > 0)
        logger.info({ migrations: done }, 'the database schema is up to date');
    return done;
}
/**
 * Migrates up or down to the named migration (default: the last one); `null` takes everything away.
 *
 * Given a transaction it works in it.
 */
export async function migrateTo(kysely, migrations, target) {
    const migrator = new Migrator({ db: kysely, provider: { getMigrations: async () => migrations } });
    const direction = target === null ? { __noMigrations__: true } : target;
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
export async function listApplied(kysely) {
    const found = await sql `
    select to_regclass('kysely_migration') is not null as present`.execute(kysely);
    if (!found.rows[0]?.present)
        return [];
    const { rows } = await sql `select name from kysely_migration order by name`.execute(kysely);
    return rows.map((row) => row.name);
}
function namesOf(migrations) {
    return Object.keys(migrations).sort();
}
function refuseUnknown(applied, migrations) {
    const unknown = applied.filter((name) => !Object.hasOwn(migrations, name));
    if (unknown.length === 0)
        return;
    throw new AppError('schema_too_new', `The database was migrated by a newer version of this program (${unknown.join(', ')}); run that version.`);
}
//# sourceMappingURL=migrate.js.map