import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../db/tables.ts';
import { AppError } from '../errors.ts';

/**
 * A request that began this long ago and has no answer was cut off: its key may be used again. Longer than any request
 * can take with the default deadlines (encoder, waiting for a connection, statement), so that none is overtaken. By the
 * clock of the database: replicas whose clocks differ must not take each other's keys.
 */
const LEASE_S = 240;

export interface IdempotencyKey {
  /** Whose key it is: two callers may use the same words. */
  readonly scope: string;
  readonly key: string;
  /** SHA-256 of the request; the same key with another body is refused. */
  readonly requestHash: string;
}

export interface KeptAnswer {
  readonly status: number;
  readonly body: string;
}

export function hashRequest(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}

/**
 * Takes the key for this request, or gives the answer that it already has.
 *
 * @throws AppError `idempotency_in_progress` while the first request runs, `idempotency_mismatch` for another body
 */
export async function claimKey(
  db: Kysely<Tables>,
  { scope, key, requestHash }: IdempotencyKey,
): Promise<KeptAnswer | undefined> {
  const now = sql<Date>`now()`;
  const stale = sql<Date>`now() - make_interval(secs => ${LEASE_S})`;
  const taken = await db
    .insertInto('idempotency')
    .values({ scope, key, request_hash: requestHash, status: null, response: null, created_at: now })
    .onConflict((conflict) =>
      conflict
        .columns(['scope', 'key'])
        .doUpdateSet({ created_at: now, request_hash: requestHash })
        .where('idempotency.status', 'is', null)
        .where('idempotency.created_at', '<', stale),
    )
    .returning('key')
    .executeTakeFirst();
  if (taken) return undefined;
  const kept = await db
    .selectFrom('idempotency')
    .selectAll()
    .where('scope', '=', scope)
    .where('key', '=', key)
    .executeTakeFirst();
  if (kept && kept.request_hash !== requestHash) {
    throw new AppError(
      'idempotency_mismatch',
      'This Idempotency-Key was used with another body. Use a new key for a new request.',
    );
  }
  if (!kept || kept.status === null || kept.response === null) {
    throw new AppError(
      'idempotency_in_progress',
      'The first request with this Idempotency-Key is still running. Try again shortly.',
      { retryAfter: 1 },
    );
  }
  return { status: kept.status, body: kept.response };
}

/** Keeps an answer that no stored item carries with it. */
export async function keepAnswer(
  db: Kysely<Tables>,
  { scope, key }: IdempotencyKey,
  answer: KeptAnswer,
): Promise<void> {
  await db
    .updateTable('idempotency')
    .set({ status: answer.status, response: answer.body })
    .where('scope', '=', scope)
    .where('key', '=', key)
    .execute();
}

/** Gives the key back after a request that changed nothing. */
export async function releaseKey(db: Kysely<Tables>, { scope, key }: IdempotencyKey): Promise<void> {
  await db
    .deleteFrom('idempotency')
    .where('scope', '=', scope)
    .where('key', '=', key)
    .where('status', 'is', null)
    .execute();
}
