import type { StoredPause } from './lifecycle.ts';
import type { Pause } from './pauses.ts';
import type { Priority } from './rules.ts';
import type { OwedPromise } from './sla.ts';
import type { Breach, DeadlineName } from './sla-clock.ts';
import type { SweptItem } from './sla-sweep.ts';

/**
 * What is kept of the deadlines of an item: the missed ones, the priority under which a warning was given, and what
 * items merged into it were promised.
 */
export interface StoredBreaches {
  readonly first_response?: StoredBreach;
  readonly resolution?: StoredBreach;
  readonly warned?: Readonly<Partial<Record<DeadlineName, Priority>>>;
  readonly owed?: readonly StoredPromise[];
}

/** Times in RFC 3339. */
export interface StoredPromise {
  readonly via: string;
  readonly priority: Priority;
  readonly received_at: string;
  readonly merged_at: string;
  readonly answered: boolean;
  readonly tier: string | null;
  readonly queue: string | null;
  readonly pauses: readonly StoredPause[];
}

/** A missed deadline: when it was due (RFC 3339), and under which priority. */
export interface StoredBreach {
  readonly due_at: string;
  readonly priority: Priority;
}

export function readBreaches({ warned = {}, first_response, resolution, owed = [] }: StoredBreaches) {
  const read = (breach: StoredBreach): Breach => ({ dueAt: new Date(breach.due_at), priority: breach.priority });
  return {
    warned,
    owed: owed.map(readPromise),
    breaches: {
      ...(first_response && { first_response: read(first_response) }),
      ...(resolution && { resolution: read(resolution) }),
    },
  } satisfies Partial<SweptItem>;
}

export function writeBreaches({
  breaches,
  warned,
  owed = [],
}: Pick<SweptItem, 'breaches' | 'warned' | 'owed'>): StoredBreaches {
  const write = ({ dueAt, priority }: Breach): StoredBreach => ({ due_at: dueAt.toISOString(), priority });
  const { first_response, resolution } = breaches;
  return {
    ...(first_response && { first_response: write(first_response) }),
    ...(resolution && { resolution: write(resolution) }),
    ...(Object.keys(warned).length > 0 && { warned }),
    ...(owed.length > 0 && { owed: owed.map(writePromise) }),
  };
}

/** Pauses as they are counted with. */
export function readPauses(pauses: readonly StoredPause[]): Pause[] {
  return pauses.map(({ from, to }) => ({ from: new Date(from), to: to === null ? null : new Date(to) }));
}

function readPromise({ via, priority, answered, tier, queue, ...times }: StoredPromise): OwedPromise {
  return {
    via,
    priority,
    receivedAt: new Date(times.received_at),
    mergedAt: new Date(times.merged_at),
    isAnswered: answered,
    facts: { tier: tier ?? undefined, queue: queue ?? undefined },
    pauses: readPauses(times.pauses),
  };
}

function writePromise({ via, priority, isAnswered, facts, ...times }: OwedPromise): StoredPromise {
  return {
    via,
    priority,
    received_at: times.receivedAt.toISOString(),
    merged_at: times.mergedAt.toISOString(),
    answered: isAnswered,
    tier: facts.tier ?? null,
    queue: facts.queue ?? null,
    pauses: times.pauses.map(({ from, to }) => ({ from: from.toISOString(), to: to?.toISOString() ?? null })),
  };
}
