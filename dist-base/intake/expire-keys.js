/** How long a repeat of a request is answered with the first answer. */
export const KEY_LIFETIME_MS = 48 * 3_600_000;
/** Removes idempotency keys that are too old to be repeated. */
export async function expireKeys({ database, logger, now }) {
    const before = new Date(now().getTime() - KEY_LIFETIME_MS);
    const { numDeletedRows } = await database.kysely
        .deleteFrom('idempotency')
        .where('created_at', '<', before)
        .executeTakeFirst();
    if (numDeletedRows > 0n)
        logger.info({ keys: Number(numDeletedRows) }, 'old idempotency keys removed');
}
//# sourceMappingURL=expire-keys.js.map