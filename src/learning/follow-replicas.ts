import { setTimeout as sleep } from 'node:timers/promises';
import { type AdoptOptions, adoptActive } from './adopt-active.ts';
import { findActive } from './model-versions.ts';
import { correctionsMark, type RecallOptions, recallPrecedents } from './recall-precedents.ts';

/** What another replica was told is known here at the latest after this, milliseconds. */
const EVERY_MS = 5_000;

export type FollowOptions = AdoptOptions & RecallOptions;

/** Takes over corrections and model versions that came in by other replicas, until the signal. */
export async function followReplicas(options: FollowOptions, signal: AbortSignal): Promise<void> {
  let seen: Seen = { mark: await correctionsMark(options.database), active: await findActive(options.database.kysely) };
  while (!signal.aborted) {
    await sleep(EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      seen = await takeOver(options, seen);
    } catch (error) {
      options.logger.warn({ err: error }, 'what other replicas have learned could not be read; it is tried again');
    }
  }
}

/** The state of the database that a process knows. */
export interface Seen {
  readonly mark: string;
  readonly active: string | undefined;
}

/** Brings this process up to date with the database once, where it has changed. */
export async function takeOver(options: FollowOptions, seen: Seen): Promise<Seen> {
  const mark = await correctionsMark(options.database);
  if (mark !== seen.mark) await recallPrecedents(options);
  const active = await findActive(options.database.kysely);
  if (active !== seen.active) await adoptActive(options);
  return { mark, active };
}
