import { setTimeout as sleep } from 'node:timers/promises';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Logger } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { Tables } from '../db/tables.ts';
import { type Actor, actorSchema } from '../feedback/actor.ts';

type Db = Kysely<Tables> | Transaction<Tables>;

/** A run that has not been heard of for so long is over: its replica was killed. By the database's clock. */
const LEASE_SECONDS = 60;
/** How often a run tells how far it is, and looks whether it is to stop. */
const BEAT_MS = 1_000;
const PREFIX = 'training:';

/** The subject of the run that trains the head. */
export const HEAD_RUN = 'head';
/** The subject of the run that trains a taxonomy. */
export const taxonomyRun = (name: string) => `taxonomy:${name}`;

const stepSchema = z.object({ part: z.string(), done: z.int(), total: z.int() });
/** How far a run is: `total` is not known before its first step. */
export type RunStep = z.infer<typeof stepSchema>;

const runSchema = z.object({
  run: z.uuid(),
  asked_by: actorSchema,
  started_at: z.iso.datetime(),
  step: stepSchema.nullable(),
  stop: z.boolean(),
  knows: z.string().nullable().default(null),
  again: actorSchema.nullable().default(null),
});
/**
 * `knows`: `correction.seq` of the newest correction that was there before it began; `again`: who asked for another run
 * that knows more, which follows under the same row.
 */
export type TrainingRun = z.infer<typeof runSchema>;

/** The run that is under way, and whether a demand made that another follows it. */
export interface Joined {
  readonly run: TrainingRun;
  readonly isNew: boolean;
}

/** The reason of the signal of a run that somebody has stopped. */
export class RunStopped extends Error {
  override readonly name = 'RunStopped';
}

/** What a run works under: the signal ends it, and how far it is becomes known by `onStep`. */
export interface RunHandle {
  readonly signal: AbortSignal;
  readonly askedBy: Actor;
  /** Whether somebody asked for it while the one before it was under way. */
  readonly isAgain: boolean;
  onStep(step: RunStep): void;
}

export interface HoldOptions {
  readonly subject: string;
  readonly askedBy: Actor;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Up to which correction the run knows, read before it begins. */
  knows?(): Promise<string>;
}

/** `elsewhere`: another run of the subject serves for this one; `stopped`: somebody asked for it. */
export type RunOutcome<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'elsewhere' | 'stopped' };

/**
 * Works as the only run of a subject in all replicas, and once more where somebody asked for that meanwhile. It is a row
 * that must be renewed, so one that a killed replica has left is taken over a minute later.
 *
 * @throws the signal's reason; what the work throws; an Error when the run was taken over by another replica
 */
export async function holdRun<T>(
  db: Kysely<Tables>,
  options: HoldOptions,
  work: (handle: RunHandle) => Promise<T>,
): Promise<RunOutcome<T>> {
  const { subject } = options;
  const run = uuidv7();
  if (!(await begin(db, run, options))) return { kind: 'elsewhere' };
  const ending = new AbortController();
  const done = new AbortController();
  const state: { step: RunStep | null } = { step: null };
  const beating = beat(db, { ...options, run, state, ending, done: done.signal });
  try {
    const signal = AbortSignal.any([options.signal, ending.signal]);
    const onStep = (step: RunStep) => {
      state.step = step;
    };
    let [askedBy, isAgain] = [options.askedBy, false];
    for (;;) {
      const value = await work({ signal, onStep, askedBy, isAgain });
      const next = await endUnlessAgain(db, subject, run);
      if (next === undefined) return { kind: 'done', value };
      [askedBy, isAgain, state.step] = [next, true, null];
      await renew(db, subject, run, { asked_by: next, again: null, step: null });
      await renew(db, subject, run, { knows: (await options.knows?.()) ?? null });
    }
  } catch (error) {
    if (ending.signal.reason instanceof RunStopped && !options.signal.aborted) return { kind: 'stopped' };
    throw error;
  } finally {
    done.abort();
    await beating;
    await db
      .deleteFrom('setting')
      .where('name', '=', PREFIX + subject)
      .where(isRun(run))
      .execute();
  }
}

/** The run of a subject, if one is under way. In a transaction that is given it cannot end before that does. */
export async function findRun(db: Db, subject: string): Promise<TrainingRun | undefined> {
  const query = db
    .selectFrom('setting')
    .select('value')
    .where('name', '=', PREFIX + subject)
    .where(isAlive());
  const row = await (db.isTransaction ? query.forUpdate() : query).executeTakeFirst();
  return row && runSchema.parse(JSON.parse(row.value));
}

/** Asks the run of a subject for another one after it; false when there is none. */
export async function askAgain(tx: Transaction<Tables>, subject: string, askedBy: Actor): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('setting')
    .set({ value: merged({ again: askedBy }) })
    .where('name', '=', PREFIX + subject)
    .where(isAlive())
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Asks the run of a subject, on whichever replica it is, to stop; false when there is none. */
export async function stopRun(db: Db, subject: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('setting')
    .set({ value: merged({ stop: true }) })
    .where('name', '=', PREFIX + subject)
    .where(isAlive())
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

async function begin(db: Db, run: string, { subject, askedBy, knows }: HoldOptions): Promise<boolean> {
  const now = sql<string>`to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  const known = JSON.stringify({ run, asked_by: askedBy, step: null, stop: false, knows: (await knows?.()) ?? null });
  const value = sql<string>`(${known}::jsonb || jsonb_build_object('started_at', ${now}))::text`;
  const row = { value, updated_at: sql<Date>`clock_timestamp()` };
  const begun = await db
    .insertInto('setting')
    .values({ name: PREFIX + subject, ...row })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row).where(sql<boolean>`not (${isAlive()})`))
    .returning('name')
    .executeTakeFirst();
  return begun !== undefined;
}

/** Ends the run; gives who asked for another one instead, where somebody did. */
async function endUnlessAgain(db: Db, subject: string, run: string): Promise<Actor | undefined> {
  await db
    .deleteFrom('setting')
    .where('name', '=', PREFIX + subject)
    .where(isRun(run))
    .where(sql<boolean>`coalesce(value::jsonb -> 'again', 'null') = 'null'`)
    .execute();
  const left = await findRun(db, subject);
  return left?.run === run ? (left.again ?? undefined) : undefined;
}

/** What the row says then; undefined when the run was lost. */
async function renew(db: Db, subject: string, run: string, change: Partial<TrainingRun>) {
  const row = await db
    .updateTable('setting')
    .set({ value: merged(change), updated_at: sql<Date>`clock_timestamp()` })
    .where('name', '=', PREFIX + subject)
    .where(isRun(run))
    .returning('value')
    .executeTakeFirst();
  return row && runSchema.parse(JSON.parse(row.value));
}

interface Beat extends HoldOptions {
  readonly run: string;
  readonly state: { readonly step: RunStep | null };
  readonly ending: AbortController;
  readonly done: AbortSignal;
}

/** Renews the run until it is done, and ends it when somebody stops it or it was lost. */
async function beat(db: Db, { subject, run, state, ending, done, logger }: Beat): Promise<void> {
  let renewed = performance.now();
  while (!done.aborted && !ending.signal.aborted) {
    await sleep(BEAT_MS, undefined, { signal: done, ref: false }).catch(() => undefined); // done: nothing to renew
    if (done.aborted) return;
    try {
      const row = await renew(db, subject, run, { step: state.step });
      renewed = performance.now();
      if (row === undefined) ending.abort(new Error('another replica has taken this run over'));
      else if (row.stop) ending.abort(new RunStopped('the run was stopped'));
    } catch (error) {
      logger.warn({ err: error, subject }, 'a run could not be renewed; it is tried again');
      if (performance.now() - renewed > LEASE_SECONDS * 1_000) ending.abort(error);
    }
  }
}

function merged(change: Partial<TrainingRun>) {
  return sql<string>`(value::jsonb || ${JSON.stringify(change)}::jsonb)::text`;
}

function isRun(run: string) {
  return sql<boolean>`value::jsonb ->> 'run' = ${run}`;
}

function isAlive() {
  return sql<boolean>`setting.updated_at > clock_timestamp() - make_interval(secs => ${LEASE_SECONDS})`;
}
