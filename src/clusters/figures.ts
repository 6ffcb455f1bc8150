import { z } from 'zod';
import { PRIORITIES, type Priority } from '../triage/rules.ts';
import { deriveImpact } from './impact.ts';
import { deriveTrend } from './trend.ts';

const DAY_MS = 86_400_000;
/** Days that the trend looks at: the week compared and the four before it. */
export const TREND_DAYS = 35;
/** The tier that counts for nothing in the impact. */
const STANDARD_TIER = 'standard';

const counts = z.record(z.string(), z.int());

/** What a cluster is made of, as its row keeps it for lists. */
export const clusterFiguresSchema = z.object({
  impact_parts: z.record(z.string(), z.number()).default({}),
  growth: z
    .object({ low: z.number(), high: z.number().nullable(), recent: z.int(), usual: z.number() })
    .default({ low: 0, high: null, recent: 0, usual: 0 }),
  languages: counts.default({}),
  channels: counts.default({}),
  types: counts.default({}),
  topics: counts.default({}),
  priorities: counts.default({}),
  tiers: counts.default({}),
  money_usd: z.number().default(0),
});
export type ClusterFigures = z.infer<typeof clusterFiguresSchema>;

/** Counts of one cluster, as the database gives them. */
export interface ClusterCounts {
  readonly customers: number;
  readonly firstSeen: Date;
  /** Items by language, channel, type, topic and priority; customers by tier. */
  readonly by: Readonly<Record<'languages' | 'channels' | 'types' | 'topics' | 'priorities' | 'tiers', Counts>>;
  /** Distinct customers by day, `YYYY-MM-DD` in UTC. */
  readonly days: Counts;
  readonly moneyUsd: number;
}
type Counts = Readonly<Record<string, number>>;

export interface DerivedFigures {
  readonly impact: number;
  readonly trend: string;
  readonly growth: number;
  readonly figures: ClusterFigures;
}

/**
 * Trend, impact and counts of a cluster at a moment. Days are those of UTC.
 *
 * @param shape see `weekdayShape`
 */
export function deriveFigures(counted: ClusterCounts, now: Date, shape: readonly number[]): DerivedFigures {
  const today = Math.floor(now.getTime() / DAY_MS);
  const first = Math.max(today - TREND_DAYS + 1, Math.floor(counted.firstSeen.getTime() / DAY_MS));
  const daily = Array.from({ length: Math.max(1, today - first + 1) }, (_, at) => counted.days[dayOf(first + at)] ?? 0);
  const trend = deriveTrend(daily, weekdayOf(today), shape);
  const known = Object.values(counted.by.tiers).reduce((sum, count) => sum + count, 0);
  const raised = known - (counted.by.tiers[STANDARD_TIER] ?? 0);
  const impact = deriveImpact({
    customers: counted.customers,
    priorities: counted.by.priorities as Partial<Record<Priority, number>>,
    money: counted.moneyUsd,
    tierShare: counted.customers === 0 ? 0 : raised / counted.customers,
    trend,
    ageDays: Math.max(0, (now.getTime() - counted.firstSeen.getTime()) / DAY_MS),
  });
  const high = Number.isFinite(trend.high) ? trend.high : null;
  return {
    impact: impact.score,
    trend: trend.state,
    growth: trend.ratio,
    figures: {
      impact_parts: { ...impact.parts },
      growth: { low: trend.low, high, recent: trend.recent, usual: trend.usual },
      ...counted.by,
      priorities: Object.fromEntries(PRIORITIES.map((key) => [key, counted.by.priorities[key] ?? 0])),
      money_usd: counted.moneyUsd,
    },
  };
}

/** The day of a number of days since 1970. */
export function dayOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** 1970 began on a Thursday. */
export function weekdayOf(day: number): number {
  return (day + 4) % 7;
}
