import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Engine } from '../context.ts';
import type { Tables } from '../db/tables.ts';
import { loadVersion } from '../policies/adopt.ts';
import { customerSchema } from '../triage/facts.ts';
import { PRIORITIES } from '../triage/rules.ts';
import { deriveDeadlines, openSla, type Sla, type SlaItem } from '../triage/sla.ts';
import { readBreaches, readPauses, writeBreaches } from '../triage/sla-record.ts';
import { deriveNextLook, type SweptItem } from '../triage/sla-sweep.ts';
import type { FeedbackRow } from './find-item.ts';

type Policies = Pick<Engine, 'policy' | 'config'>;

/** The policy by which the deadlines of new items are counted. */
export function presentSla({ policy, config }: Policies): Sla {
  return openSla(policy.sla, config.TIME_ZONE);
}

/**
 * The policy that an item was created under, which counts for it as long as it lives; the present one where that is
 * not kept. @param db the transaction, inside of one
 */
export async function slaOf(engine: Policies, db: Kysely<Tables>, version: string | null): Promise<Sla> {
  const { policy, config } = engine;
  if (version === null) return presentSla(engine);
  const kept = await loadVersion({ database: { kysely: db }, policy }, 'sla', version);
  return kept?.parts.sla === undefined ? presentSla(engine) : openSla(kept.parts.sla, config.TIME_ZONE);
}

/** The columns of a row that deadlines hang on. */
export type DeadlineRow = Pick<
  FeedbackRow,
  | 'priority'
  | 'queue'
  | 'received_at'
  | 'customer_facts'
  | 'pauses'
  | 'first_response_due_at'
  | 'first_responded_at'
  | 'resolved_at'
  | 'breaches'
>;

export function toSweptItem(row: DeadlineRow): SweptItem {
  return {
    priority: z.enum(PRIORITIES).parse(row.priority),
    receivedAt: row.received_at,
    pauses: readPauses(row.pauses),
    facts: { tier: customerSchema.parse(row.customer_facts).tier, queue: row.queue },
    answerDueAt: row.first_responded_at === null ? undefined : row.first_response_due_at,
    firstRespondedAt: row.first_responded_at ?? undefined,
    resolvedAt: row.resolved_at ?? undefined,
    ...readBreaches(row.breaches),
  };
}

/** What follows from an item for its row; `resolve_due_at` is null while an open pause holds it up. */
export function deadlineColumns(sla: Sla, item: SweptItem) {
  const { firstResponseAt, resolveAt } = deriveDeadlines(sla, item);
  return {
    first_response_due_at: firstResponseAt,
    resolve_due_at: resolveAt ?? null,
    breaches: JSON.stringify(writeBreaches(item)),
    sweep_at: deriveNextLook(sla, item) ?? null,
  };
}

/** What a new item has besides its decision, which was taken by this version of the policy. */
export function firstSweep({ policy, config }: Policies, version: string | null, item: Omit<SlaItem, 'pauses'>) {
  const untouched = { pauses: [], firstRespondedAt: undefined, resolvedAt: undefined, breaches: {}, warned: {} };
  const kept = version === null ? undefined : policy.find('sla', version)?.parts.sla;
  const sla = openSla(kept ?? policy.sla, config.TIME_ZONE);
  return { sla_version: version, sweep_at: deriveNextLook(sla, { ...item, ...untouched }) ?? null };
}
