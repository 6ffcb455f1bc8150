import { AppError } from '../errors.ts';

/** Where an item can stand, in the order of a life without detours (policy, section 5). */
export const STATUSES = [
  'received',
  'classified',
  'prioritised',
  'assigned',
  'in_progress',
  'replied',
  'waiting_for_customer',
  'resolved',
  'followed_up',
  'closed',
] as const;
export type Status = (typeof STATUSES)[number];

/** Whose doing a step is. An upstream system and an operator act for people. */
export type Mover = 'person' | 'machine' | 'customer';

/** How an item came to be resolved. */
export const RESOLUTIONS = ['solved', 'answered', 'no_action_needed', 'declined', 'known_issue', 'duplicate'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

const ANYBODY = ['person', 'machine', 'customer'] as const;
const WORKERS = ['person', 'machine'] as const;
const PEOPLE = ['person'] as const;
const MACHINE = ['machine'] as const;
const ASKED_AGAIN = ['person', 'customer'] as const;

/** From where to where, and by whom. The last three are left backwards by reopening only. */
const TRANSITIONS = {
  received: { classified: MACHINE },
  classified: { prioritised: MACHINE },
  // Duplicates and spam need nobody to work on them.
  prioritised: { assigned: WORKERS, resolved: PEOPLE },
  assigned: { in_progress: PEOPLE, replied: PEOPLE, waiting_for_customer: PEOPLE, resolved: PEOPLE },
  in_progress: { assigned: WORKERS, replied: PEOPLE, waiting_for_customer: PEOPLE, resolved: PEOPLE },
  replied: { in_progress: ANYBODY, waiting_for_customer: WORKERS, resolved: ANYBODY },
  waiting_for_customer: { in_progress: ANYBODY, replied: PEOPLE, resolved: ANYBODY },
  resolved: { followed_up: WORKERS, assigned: ASKED_AGAIN },
  followed_up: { closed: WORKERS, assigned: ASKED_AGAIN },
  closed: { assigned: ASKED_AGAIN },
} as const satisfies Readonly<Record<Status, Partial<Record<Status, readonly Mover[]>>>>;

const DONE: ReadonlySet<Status> = new Set(['resolved', 'followed_up', 'closed']);

/** Whether somebody still has to do something for its solution. */
export function isOpen(status: Status): boolean {
  return !DONE.has(status);
}

/** Where `mover` can take an item from `status`. */
export function listNext(status: Status, mover: Mover): Status[] {
  const next: Partial<Record<Status, readonly Mover[]>> = TRANSITIONS[status];
  return STATUSES.filter((to) => next[to]?.includes(mover) ?? false);
}

/** @throws AppError `transition_not_allowed`, naming where the item can go */
export function checkTransition(from: Status, to: Status, mover: Mover): void {
  const next = listNext(from, mover);
  if (next.includes(to)) return;
  const names = next.map((status) => `\`${status}\``).join(', ');
  const accepted = names === '' ? 'nothing can be done to it from there' : `from there it can become ${names}`;
  throw new AppError('transition_not_allowed', `The item is \`${from}\`; ${accepted}.`, {
    errors: [{ pointer: '/to', message: names === '' ? `cannot leave ${from}` : `must be one of ${next.join(', ')}` }],
  });
}

/** Who speaks in a conversation: the customer (`inbound`) or those who answer (`outbound`). */
export type Direction = 'inbound' | 'outbound';

/** Where a message takes an item; undefined where it stays. What is assigned to nobody yet stays too. */
export function deriveMove(status: Status, direction: Direction): Status | undefined {
  if (direction === 'outbound') {
    const isWork = status === 'assigned' || status === 'in_progress' || status === 'waiting_for_customer';
    return isWork ? 'replied' : undefined;
  }
  if (!isOpen(status)) return 'assigned';
  return status === 'replied' || status === 'waiting_for_customer' ? 'in_progress' : undefined;
}

/** A time during which the resolution clock stood still, RFC 3339; `to` is null while it lasts. */
export interface StoredPause {
  readonly from: string;
  readonly to: string | null;
}

export interface LifeFacts {
  readonly status: Status;
  readonly pauses: readonly StoredPause[];
  readonly first_responded_at: Date | null;
  readonly resolved_at: Date | null;
  readonly reopened: number;
}

export interface LifeChange {
  readonly status: Status;
  readonly pauses: readonly StoredPause[];
  readonly first_responded_at: Date | null;
  readonly resolved_at?: Date | null;
  readonly closed_at?: Date | null;
  readonly resolution?: Resolution | null;
  readonly follow_up_at?: Date | null;
  readonly satisfaction?: number | null;
  readonly reopened: number;
}

/**
 * What a step changes: the clock stands while the customer is waited for, the first reply is kept for good, and
 * reopening takes the solution back; the time in which it seemed solved is a pause.
 */
export function deriveStep(item: LifeFacts, to: Status, at: Date, resolution?: Resolution): LifeChange {
  const isReply = to === 'replied' || to === 'waiting_for_customer';
  const change = {
    status: to,
    pauses: movePause(item.pauses, to === 'waiting_for_customer', at),
    first_responded_at: item.first_responded_at ?? (isReply ? at : null),
    reopened: item.reopened,
  };
  if (to === 'resolved') return { ...change, resolved_at: at, resolution: resolution ?? null };
  if (to === 'followed_up') return { ...change, follow_up_at: null };
  if (to === 'closed') return { ...change, closed_at: at, follow_up_at: null };
  if (isOpen(item.status)) return change;
  const taken = { resolved_at: null, closed_at: null, resolution: null, follow_up_at: null, satisfaction: null };
  return { ...change, ...taken, pauses: pauseSolved(item, at), reopened: item.reopened + 1 };
}

function pauseSolved({ pauses, resolved_at }: LifeFacts, at: Date): readonly StoredPause[] {
  if (resolved_at === null || resolved_at >= at) return pauses;
  return [...pauses, { from: resolved_at.toISOString(), to: at.toISOString() }];
}

function movePause(pauses: readonly StoredPause[], isPaused: boolean, at: Date): readonly StoredPause[] {
  const now = at.toISOString();
  const running = pauses.at(-1)?.to === null ? pauses.at(-1) : undefined;
  if (running === undefined) return isPaused ? [...pauses, { from: now, to: null }] : pauses;
  if (isPaused) return pauses;
  // A clock that was set back must not make a pause end before it began.
  return [...pauses.slice(0, -1), { from: running.from, to: now > running.from ? now : running.from }];
}
