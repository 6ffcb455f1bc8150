import { createHash } from 'node:crypto';
import { AppError } from '../errors.js';
/**
 * A request that began this long ago and has no answer was cut off: its key may be used again. Longer than any request
 * can take with the default deadlines (encoder, waiting for a connection, statement), so that none is overtaken.
 */
const LEASE_MS = 240_000;
export function hashRequest(body) {
    return createHash('sha256').update(body).digest('hex');
}
/**
 * Takes the key for this request, or gives the answer that it already has.
 *
 * @throws AppError `idempotency_in_progress` while the first request runs, `idempotency_mismatch` for another body
 */
export async function claimKey(db, { scope, key, requestHash }, now) {
    const stale = new Date(now.getTime() - LEASE_MS);
    const taken = await db
        .insertInto('idempotency')
        .values({ scope, key, request_hash: requestHash, status: null, response: null, created_at: now })
        .onConflict((conflict) => conflict
        .columns(['scope', 'key'])
        .doUpdateSet({ created_at: now, request_hash: requestHash })
        .where('idempotency.status', 'is', null)
        .where('idempotency.created_at', '<', stale))
        .returning('key')
        .executeTakeFirst();
    if (taken)
        return undefined;
    const kept = await db
        .selectFrom('idempotency')
        .selectAll()
        .where('scope', '=', scope)
        .where('key', '=', key)
        .executeTakeFirst();
    if (kept && kept.request_hash !== requestHash) {
        throw new AppError('idempotency_mismatch', 'This Idempotency-Key was used with another body. Use a new key for a new request.');
    }
    if (!kept || kept.status === null || kept.response === null) {
        throw new AppError('idempotency_in_progress', 'The first request with this Idempotency-Key is still running. Try again shortly.', { retryAfter: 1 });
    }
    return { status: kept.status, body: kept.response };
}
/** Keeps an answer that no stored item carries with it. */
export async function keepAnswer(db, { scope, key }, answer) {
    await db
        .updateTable('idempotency')
        .set({ status: answer.status, response: answer.body })
        .where('scope', '=', scope)
        .where('key', '=', key)
        .execute();
}
/** Gives the key back after a request that changed nothing. */
export async function releaseKey(db, { scope, key }) {
    await db
        .deleteFrom('idempotency')
        .where('scope', '=', scope)
        .where('key', '=', key)
        .where('status', 'is', null)
        .execute();
}
//# sourceMappingURL=idempotency.js.map