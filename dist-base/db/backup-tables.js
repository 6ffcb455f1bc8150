import { sql } from 'kysely';
/** Primary keys of all tables, in an order in which no row comes before one that it refers to. */
const PRIMARY_KEYS = {
    setting: ['name'],
    customer: ['id'],
    feedback: ['id'],
    feedback_vector: ['feedback_id'],
    decision: ['id'],
    pii_vault: ['feedback_id'],
    audit: ['seq'],
    outbox: ['seq'],
    idempotency: ['scope', 'key'],
};
/** The tables that this program knows and the database has. */
export async function listTables(kysely) {
    const tables = [];
    for (const [name, key] of Object.entries(PRIMARY_KEYS)) {
        if ((await describeColumns(kysely, name)).writable.length > 0)
            tables.push({ name, key });
    }
    return tables;
}
export async function describeColumns(kysely, table) {
    const { rows } = await sql `
    select column_name as name, is_identity = 'YES' as identity
    from information_schema.columns
    where table_schema = current_schema() and table_name = ${table} and is_generated = 'NEVER'
    order by ordinal_position`.execute(kysely);
    return {
        writable: rows.map((row) => row.name),
        identity: rows.find((row) => row.identity)?.name,
    };
}
export async function countRows(kysely, table) {
    const { rows } = await sql `select count(*) as n from ${sql.table(table)}`.execute(kysely);
    return Number(rows[0]?.n);
}
//# sourceMappingURL=backup-tables.js.map