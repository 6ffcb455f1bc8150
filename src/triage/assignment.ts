import type { Priority } from './rules.ts';

export const PRESENCES = ['available', 'away', 'offline'] as const;
export type Presence = (typeof PRESENCES)[number];

/** What an agent can say to work in; `mixed` messages need both. */
export const AGENT_LANGUAGES = ['zh', 'en'] as const;
export type AgentLanguage = (typeof AGENT_LANGUAGES)[number];

/** An agent as assignment sees them. */
export interface Worker {
  readonly id: string;
  readonly languages: readonly string[];
  /** Keys of queues. */
  readonly skills: readonly string[];
  readonly presence: Presence;
  /** Most load that they carry, in weights of items. */
  readonly capacity: number;
  /** Weights of the open items that they have. */
  readonly load: number;
  /** Milliseconds of the epoch; null when they never got one. */
  readonly lastAssignedAt: number | null;
}

/** An item that waits for somebody. Times are milliseconds of the epoch. */
export interface WaitingItem {
  readonly id: string;
  readonly queue: string;
  readonly language: string;
  readonly priority: Priority;
  readonly dueAt: number;
  readonly receivedAt: number;
}

/** Who gets an item, and why this one. */
export interface Assignment {
  readonly item: string;
  readonly agent: string;
  readonly weight: number;
  /** Load before and capacity. */
  readonly load: number;
  readonly capacity: number;
  /** A P1 for which nobody had room. */
  readonly over_capacity: boolean;
  /** Agents with the skill and the language who were there. */
  readonly eligible: number;
}

/** Why nobody gets an item: nobody with the skill, nobody of these with the language, nobody there, nobody with room. */
export type WhyNobody = 'no_skill' | 'no_language' | 'nobody_present' | 'no_room';

export interface AssignmentPlan {
  readonly assigned: readonly Assignment[];
  readonly waiting: readonly { readonly item: string; readonly why: WhyNobody }[];
  /** Agents who got something, in the order of their last turns. */
  readonly turns: readonly string[];
}

interface Standing {
  readonly worker: Worker;
  load: number;
  /** Place in the order of turns: past ones by time, those of this plan behind all of them. */
  turn: number;
}

/** The languages that an agent needs for an item; none for one in a language that no agent can name. */
export function languagesNeeded(language: string): readonly AgentLanguage[] {
  if (language === 'mixed') return AGENT_LANGUAGES;
  return AGENT_LANGUAGES.filter((known) => known === language);
}

/** Whether an agent works in the language of an item. */
export function speaks({ languages }: Pick<Worker, 'languages'>, language: string): boolean {
  return languagesNeeded(language).every((needed) => languages.includes(needed));
}

/** By priority, then by what is due first, then by what was received first. Ids decide what is the same in all. */
export function compareUrgency(left: WaitingItem, right: WaitingItem): number {
  if (left.priority !== right.priority) return left.priority < right.priority ? -1 : 1;
  return left.dueAt - right.dueAt || left.receivedAt - right.receivedAt || (left.id < right.id ? -1 : 1);
}

/**
 * Gives items, the most urgent first, to agents by skill, language, presence and room. The least relative load (load ÷
 * capacity) wins, of equals who was assigned longest ago. Only a P1 may go beyond a capacity, when nobody has room.
 *
 * Pure: the same items, agents and weights give the same plan, in whatever order they come.
 */
export function planAssignments(
  items: readonly WaitingItem[],
  workers: readonly Worker[],
  weights: Readonly<Record<Priority, number>>,
): AssignmentPlan {
  const standings = workers.map(
    (worker): Standing => ({ worker, load: worker.load, turn: worker.lastAssignedAt ?? Number.NEGATIVE_INFINITY }),
  );
  const latest = Math.max(0, ...standings.map(({ turn }) => turn));
  const assigned: Assignment[] = [];
  const waiting: { item: string; why: WhyNobody }[] = [];
  for (const item of [...items].sort(compareUrgency)) {
    const weight = weights[item.priority];
    const found = findCandidates(item, weight, standings);
    const chosen = typeof found === 'string' ? undefined : pick(found.candidates);
    if (typeof found === 'string' || chosen === undefined) {
      waiting.push({ item: item.id, why: typeof found === 'string' ? found : 'no_room' });
      continue;
    }
    const { id, capacity } = chosen.worker;
    const over_capacity = chosen.load + weight > capacity;
    assigned.push({
      item: item.id,
      agent: id,
      weight,
      load: chosen.load,
      capacity,
      over_capacity,
      eligible: found.eligible,
    });
    chosen.load += weight;
    chosen.turn = latest + assigned.length;
  }
  return { assigned, waiting, turns: turnsOf(assigned) };
}

function findCandidates(
  item: WaitingItem,
  weight: number,
  standings: readonly Standing[],
): WhyNobody | { readonly candidates: readonly Standing[]; readonly eligible: number } {
  const skilled = standings.filter(({ worker }) => worker.skills.includes(item.queue));
  if (skilled.length === 0) return 'no_skill';
  const speaking = skilled.filter(({ worker }) => speaks(worker, item.language));
  if (speaking.length === 0) return 'no_language';
  const present = speaking.filter(({ worker }) => worker.presence === 'available');
  if (present.length === 0) return 'nobody_present';
  const free = present.filter(({ worker, load }) => load + weight <= worker.capacity);
  if (free.length > 0) return { candidates: free, eligible: present.length };
  return item.priority === 'P1' ? { candidates: present, eligible: present.length } : 'no_room';
}

function pick(candidates: readonly Standing[]): Standing | undefined {
  return [...candidates].sort(compareStandings)[0];
}

function compareStandings(left: Standing, right: Standing): number {
  // Multiplied out, so that equal shares are equal: 1/3 and 2/6 are not always as fractions of floating point.
  const byLoad = left.load * right.worker.capacity - right.load * left.worker.capacity;
  if (byLoad !== 0) return byLoad;
  if (left.turn !== right.turn) return left.turn < right.turn ? -1 : 1;
  return left.worker.id < right.worker.id ? -1 : 1;
}

function turnsOf(assigned: readonly Assignment[]): string[] {
  const last = new Set<string>();
  for (const { agent } of assigned) {
    last.delete(agent);
    last.add(agent);
  }
  return [...last];
}
