import type { Priority } from './rules.ts';
import type { Breach, DeadlineName } from './sla-clock.ts';
import type { SweptItem } from './sla-sweep.ts';

/** What is kept of the deadlines of an item: the missed ones, and the priority under which a warning was given. */
export interface StoredBreaches {
  readonly first_response?: StoredBreach;
  readonly resolution?: StoredBreach;
  readonly warned?: Readonly<Partial<Record<DeadlineName, Priority>>>;
}

/** A missed deadline: when it was due (RFC 3339), and under which priority. */
export interface StoredBreach {
  readonly due_at: string;
  readonly priority: Priority;
}

export function readBreaches({ warned = {}, first_response, resolution }: StoredBreaches) {
  const read = (breach: StoredBreach): Breach => ({ dueAt: new Date(breach.due_at), priority: breach.priority });
  return {
    warned,
    breaches: {
      ...(first_response && { first_response: read(first_response) }),
      ...(resolution && { resolution: read(resolution) }),
    },
  } satisfies Partial<SweptItem>;
}

export function writeBreaches({ breaches, warned }: Pick<SweptItem, 'breaches' | 'warned'>): StoredBreaches {
  const write = ({ dueAt, priority }: Breach): StoredBreach => ({ due_at: dueAt.toISOString(), priority });
  const { first_response, resolution } = breaches;
  return {
    ...(first_response && { first_response: write(first_response) }),
    ...(resolution && { resolution: write(resolution) }),
    ...(Object.keys(warned).length > 0 && { warned }),
  };
}
