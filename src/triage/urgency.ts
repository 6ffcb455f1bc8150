import type { Reason } from './decision.ts';
import { type Document, locate, quoteOf } from './document.ts';
import type { FiredRule, RuleOutcome } from './evaluate-rules.ts';
import { PRIORITIES, type Priority, type Rule } from './rules.ts';
import type { Bilingual } from './taxonomy.ts';

/** Scores of each priority: the priority says the band, points order the items inside it. */
const BANDS: Readonly<Record<Priority, readonly [low: number, high: number]>> = {
  P1: [75, 100],
  P2: [50, 74],
  P3: [25, 49],
  P4: [0, 24],
};
const RAISED: Bilingual = { zh: '按级别提高到该级别的最低分', en: 'Raised to the lowest score of its priority' };
const CAPPED: Bilingual = { zh: '不超过该级别的最高分', en: 'Held to the highest score of its priority' };

/** Reasons that fit a score into the band of its priority: no rules. */
export const ADJUSTMENTS = { floor: 'priority_floor', ceiling: 'priority_ceiling' } as const;

export interface Urgency {
  readonly score: number;
  readonly reasons: readonly Reason[];
}

/** The highest floor that a fired rule sets; P4 where none does. A ceiling, where one fired, then caps it. */
export function derivePriority(outcome: RuleOutcome): Priority {
  const floors = outcome.fired.flatMap(({ rule }) => (rule.then.floor ? [PRIORITIES.indexOf(rule.then.floor)] : []));
  const ceilings = outcome.fired.flatMap(({ rule }) =>
    rule.then.ceiling ? [PRIORITIES.indexOf(rule.then.ceiling)] : [],
  );
  const floor = Math.min(PRIORITIES.length - 1, ...floors);
  return PRIORITIES[Math.max(floor, ...ceilings)] ?? 'P4';
}

/**
 * The score and its parts, weightiest first; the points of the reasons add up to the score. Of several rules that raise
 * the same flag only the strongest counts: the others are shown with 0 points.
 */
export function deriveUrgency(document: Document, outcome: RuleOutcome, priority: Priority): Urgency {
  const strongest = strongestByFlag(outcome.fired);
  const reasons = outcome.fired
    .filter(({ rule }) => (rule.then.points ?? 0) !== 0 || rule.then.flag !== undefined)
    .map((fired) => {
      const { flag, points = 0 } = fired.rule.then;
      return toReason(document, fired, flag === undefined || strongest.get(flag) === fired.rule ? points : 0);
    })
    .sort((left, right) => right.points - left.points);
  const sum = reasons.reduce((total, reason) => total + reason.points, 0);
  const [low, high] = BANDS[priority];
  if (sum < low) reasons.push(adjustment(ADJUSTMENTS.floor, low - sum, RAISED));
  if (sum > high) reasons.push(adjustment(ADJUSTMENTS.ceiling, high - sum, CAPPED));
  return { score: Math.min(high, Math.max(low, sum)), reasons };
}

function strongestByFlag(fired: readonly FiredRule[]): Map<string, Rule> {
  const strongest = new Map<string, Rule>();
  for (const { rule } of fired) {
    const { flag, points = 0 } = rule.then;
    if (flag !== undefined && points > (strongest.get(flag)?.then.points ?? Number.NEGATIVE_INFINITY))
      strongest.set(flag, rule);
  }
  return strongest;
}

function toReason(document: Document, { rule, spans }: FiredRule, points: number): Reason {
  const base = { rule: rule.name, points, note: rule.sentence };
  const [span] = spans;
  if (span === undefined) return { ...base, quote: null, field: null, start: null, end: null };
  return { ...base, quote: quoteOf(document, span), ...locate(document, span) };
}

function adjustment(rule: string, points: number, note: Bilingual): Reason {
  return { rule, points, quote: null, field: null, start: null, end: null, note };
}
