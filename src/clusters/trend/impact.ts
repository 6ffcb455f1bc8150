import type { Trend } from './trend.ts';

/** What a cluster is made of, for its place in the list. */
export interface ImpactFacts {
  readonly customers: number;
  /** Items of each priority. */
  readonly priorities: Readonly<Partial<Record<'P1' | 'P2' | 'P3' | 'P4', number>>>;
  /** Money at risk, in the policy's currency. */
  readonly money: number;
  /** Share of customers of a tier above the standard one. */
  readonly tierShare: number;
  readonly trend: Pick<Trend, 'state' | 'low'>;
  /** Days since the first report while it is open. */
  readonly ageDays: number;
}

/** Points of each part; together 0 to 100. */
export interface Impact {
  readonly score: number;
  readonly parts: Readonly<Record<keyof typeof POINTS, number>>;
}

/** The most that each part can give. */
const POINTS = { customers: 35, severity: 25, money: 15, tier: 5, trend: 15, age: 5 } as const;
const SEVERITY = { P1: 1, P2: 0.6, P3: 0.25, P4: 0 } as const;
/** Where a part is full: a thousand customers, a million of money, a quarter of a year. */
const FULL_CUSTOMERS = 1_000;
const FULL_MONEY = 1_000_000;
const FULL_AGE_DAYS = 90;
const TREND = { new: 0.6, rising: 0.7, steady: 0.3, falling: 0.1, dormant: 0 } as const;

/** How much a cluster matters. Customers and money count by their magnitude: ten more weigh less among a thousand. */
export function deriveImpact(facts: ImpactFacts): Impact {
  const items = Object.values(facts.priorities).reduce((sum, count) => sum + count, 0);
  const weighed = Object.entries(SEVERITY).reduce(
    (sum, [priority, weight]) => sum + weight * (facts.priorities[priority as keyof typeof SEVERITY] ?? 0),
    0,
  );
  const growth = facts.trend.state === 'rising' ? 0.3 * Math.min(1, Math.max(0, Math.log2(facts.trend.low) / 2)) : 0;
  const shares = {
    customers: magnitude(facts.customers, FULL_CUSTOMERS),
    severity: items === 0 ? 0 : weighed / items,
    money: magnitude(facts.money, FULL_MONEY),
    tier: clamp(facts.tierShare),
    trend: TREND[facts.trend.state] + growth,
    age: clamp(facts.ageDays / FULL_AGE_DAYS),
  };
  const entries = Object.entries(shares).map(([part, share]) => [part, POINTS[part as keyof typeof POINTS] * share]);
  const parts = Object.fromEntries(entries) as Impact['parts'];
  return { score: Object.values(parts).reduce((sum, points) => sum + points, 0), parts };
}

const clamp = (share: number) => Math.min(1, Math.max(0, share));
const magnitude = (value: number, full: number) => clamp(Math.log1p(Math.max(0, value)) / Math.log1p(full));
