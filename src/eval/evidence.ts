import type { Condition } from '../triage/conditions.ts';
import type { Decision } from '../triage/decision.ts';
import type { RuleBook } from '../triage/rule-book.ts';

/** Decisions in which a flag was raised by this kind of evidence, rightly and wrongly. */
export interface Raised {
  readonly tp: number;
  readonly fp: number;
}
export type Source = 'lexical' | 'learned' | 'both';
/** Per flag: raised by words alone, by the learned head alone, or by both. */
export type EvidenceTable = Record<string, Record<Source, Raised>>;

/** How the flags of decisions divide by the evidence that raised them, and how often each kind is right. */
export function divideByEvidence(
  judged: readonly { readonly wanted: readonly string[]; readonly decision: Decision }[],
  { rules }: RuleBook,
  flags: readonly string[],
): EvidenceTable {
  const raising = new Map(
    rules.flatMap(({ name, when, then }) =>
      then.flag === undefined ? [] : [[name, { flag: then.flag, isLearned: asksHead(when) }] as const],
    ),
  );
  const table: EvidenceTable = Object.fromEntries(flags.map((flag) => [flag, emptyRow()]));
  for (const { wanted, decision } of judged) {
    const fired = decision.urgency.reasons.flatMap(({ rule }) => raising.get(rule) ?? []);
    for (const flag of decision.risk_flags) {
      const source = sourceOf(fired.filter((rule) => rule.flag === flag));
      const row = table[flag];
      if (row !== undefined && source !== undefined) row[source] = add(row[source], wanted.includes(flag));
    }
  }
  return table;
}

function sourceOf(fired: readonly { readonly isLearned: boolean }[]): Source | undefined {
  const kinds = new Set(fired.map(({ isLearned }) => isLearned));
  if (kinds.size === 0) return undefined;
  if (kinds.size === 2) return 'both';
  return kinds.has(true) ? 'learned' : 'lexical';
}

function add({ tp, fp }: Raised, isRight: boolean): Raised {
  return isRight ? { tp: tp + 1, fp } : { tp, fp: fp + 1 };
}

function emptyRow(): Record<Source, Raised> {
  return { lexical: { tp: 0, fp: 0 }, learned: { tp: 0, fp: 0 }, both: { tp: 0, fp: 0 } };
}

/** Whether a condition asks what the learned head thinks likely. */
function asksHead(condition: Condition): boolean {
  if ('learned' in condition) return true;
  if ('all' in condition) return condition.all.some(asksHead);
  if ('any' in condition) return condition.any.some(asksHead);
  return false;
}
