import { z } from 'zod';
import type { Decision } from '../triage/decision.ts';
import { PRIORITIES } from '../triage/rules.ts';
import { ADJUSTMENTS } from '../triage/urgency.ts';

const NO_RULES: ReadonlySet<string> = new Set(Object.values(ADJUSTMENTS));
const names = z.array(z.string());
const turn = <T extends z.ZodType>(schema: T) => z.object({ from: schema, to: schema }).nullable();

/** What other rules make of one message; null and empty where they make no difference. */
export const changeSchema = z
  .object({
    priority: turn(z.enum(PRIORITIES)),
    score: turn(z.int()),
    type: turn(z.string()),
    queue: turn(z.string()),
    flags_added: names,
    flags_removed: names,
    rules_added: names.describe('Rules that speak among the reasons, and did not before.'),
    rules_removed: names,
  })
  .meta({ id: 'RuleChange' });
export type RuleChange = z.infer<typeof changeSchema>;

/** Counts over all messages that were compared. */
export const changeTotalsSchema = z
  .object({
    items: z.int(),
    changed: z.int(),
    priorities: z
      .array(z.object({ from: z.enum(PRIORITIES), to: z.enum(PRIORITIES), items: z.int() }))
      .describe('Messages whose priority differs, by what it was and would be.'),
  })
  .meta({ id: 'RuleChangeTotals' });
export type ChangeTotals = z.infer<typeof changeTotalsSchema>;

/** What differs between two decisions about one message; undefined where nothing does. */
export function findChange(before: Decision, after: Decision): RuleChange | undefined {
  const rulesOf = ({ urgency, priority_reasons }: Decision) =>
    [...new Set([...urgency.reasons, ...priority_reasons].map(({ rule }) => rule))].filter(
      (rule) => !NO_RULES.has(rule),
    );
  const change: RuleChange = {
    priority: turned(before.priority, after.priority),
    score: turned(before.urgency.score, after.urgency.score),
    type: turned(before.type.key, after.type.key),
    queue: turned(before.queue, after.queue),
    flags_added: without(after.risk_flags, before.risk_flags),
    flags_removed: without(before.risk_flags, after.risk_flags),
    rules_added: without(rulesOf(after), rulesOf(before)),
    rules_removed: without(rulesOf(before), rulesOf(after)),
  };
  const isSame = Object.values(change).every((part) => part === null || (Array.isArray(part) && part.length === 0));
  return isSame ? undefined : change;
}

/** Counts changes as they come. */
export class ChangeCounter {
  #items = 0;
  #changed = 0;
  readonly #priorities = new Map<string, ChangeTotals['priorities'][number]>();

  add(change: RuleChange | undefined): void {
    this.#items++;
    if (change === undefined) return;
    this.#changed++;
    if (change.priority === null) return;
    const key = `${change.priority.from} ${change.priority.to}`;
    this.#priorities.set(key, { ...change.priority, items: (this.#priorities.get(key)?.items ?? 0) + 1 });
  }

  get totals(): ChangeTotals {
    const byKey = [...this.#priorities].sort(([left], [right]) => (left < right ? -1 : 1));
    return { items: this.#items, changed: this.#changed, priorities: byKey.map(([, count]) => count) };
  }
}

function turned<T>(from: T, to: T): { from: T; to: T } | null {
  return from === to ? null : { from, to };
}

function without(these: readonly string[], those: readonly string[]): string[] {
  return these.filter((one) => !those.includes(one));
}
