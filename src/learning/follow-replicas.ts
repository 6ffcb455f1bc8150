import { setTimeout as sleep } from 'node:timers/promises';
import { adoptPolicies, type PolicyOptions } from '../policies/adopt.ts';
import { type AdoptOptions, adoptActive } from './adopt-active.ts';
import { type RecallOptions, recallPrecedents } from './recall-precedents.ts';

/** What another replica was told is known here at the latest after this, milliseconds. */
const EVERY_MS = 5_000;

export type FollowOptions = AdoptOptions & RecallOptions & PolicyOptions;

/** Takes over corrections, model versions and policy versions that came in by other replicas, until the signal. */
export async function followReplicas(options: FollowOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await takeOver(options);
    } catch (error) {
      if (signal.aborted) return;
      options.logger.warn({ err: error }, 'what other replicas know could not be read; it is tried again');
    }
    await sleep(EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

/** Brings this process up to date with the database once. */
export async function takeOver(options: FollowOptions): Promise<void> {
  await recallPrecedents(options);
  await adoptActive(options);
  await adoptPolicies(options);
}
