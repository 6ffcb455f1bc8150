import type { ClusterItem } from '../clusters/item.ts';
import { NAMELESS, nameClusters } from '../clusters/naming/name.ts';
import type { InBoth, NameLexicon } from '../clusters/naming/name-lexicon.ts';
import { chooseQuotes } from '../clusters/naming/quotes.ts';
import { type Reclustering, readFeatures } from '../clusters/recluster/recluster.ts';
import { deriveImpact } from '../clusters/trend/impact.ts';
import { deriveTrend, type TrendState, weekdayShape } from '../clusters/trend/trend.ts';
import type { StoryItem } from './story-set.ts';

const DAY_MS = 86_400_000;

/** One cluster as a reader would see it. */
export interface StoryCluster {
  readonly title: InBoth;
  readonly phrases: Readonly<Record<'zh' | 'en', readonly string[]>>;
  readonly quotes: readonly string[];
  readonly items: number;
  readonly customers: number;
  readonly state: TrendState;
  readonly impact: number;
  /** The stories in it, with their items; the empty name stands for none. */
  readonly stories: Readonly<Record<string, number>>;
}

/** The clusters by impact: names, quotes, trend on the last day of the set. */
export function describeClusters(
  stories: readonly StoryItem[],
  items: readonly ClusterItem[],
  { clusters, means }: Reclustering,
  lexicon: NameLexicon,
): StoryCluster[] {
  const features = readFeatures(items, means);
  const ids = [...new Set(clusters.flatMap((cluster) => cluster ?? []))];
  const members = ids.map((id) => Array.from(items.keys()).filter((row) => clusters[row] === id));
  const take = <T>(rows: readonly number[], from: readonly T[]) => rows.flatMap((row) => from[row] ?? []);
  const rest = items.filter((_, row) => clusters[row] === undefined);
  const names = nameClusters(
    members.map((rows) => ({ items: take(rows, items) })),
    rest,
    lexicon,
  );
  const last = Math.floor((stories.at(-1)?.ts ?? 0) / DAY_MS);
  const shape = weekdayShape(
    dailyOf(stories, last).map((customers, at, all) => ({ customers, weekday: weekdayOf(last - all.length + 1 + at) })),
  );
  return members
    .map((rows, at): StoryCluster => {
      const own = take(rows, stories);
      const daily = dailyOf(own, last);
      const trend = deriveTrend(daily, weekdayOf(last), shape);
      const customers = new Set(own.map(({ customer_id, id }) => customer_id ?? id)).size;
      const facts = { customers, priorities: {}, money: 0, tierShare: 0, trend, ageDays: daily.length };
      const quotes = chooseQuotes(take(rows, items), take(rows, features)).map((place) => own[place]?.text ?? '');
      return {
        ...(names[at] ?? NAMELESS),
        quotes,
        items: rows.length,
        customers,
        state: trend.state,
        impact: deriveImpact(facts).score,
        stories: countStories(own),
      };
    })
    .sort((left, right) => right.impact - left.impact);
}

/** Distinct customers per day, from the first message to the day `last`. */
function dailyOf(items: readonly StoryItem[], last: number): number[] {
  const first = Math.floor((items[0]?.ts ?? 0) / DAY_MS);
  const days = Array.from({ length: Math.max(1, last - first + 1) }, () => new Set<string>());
  for (const { ts, customer_id, id } of items) days[Math.floor(ts / DAY_MS) - first]?.add(customer_id ?? id);
  return days.map(({ size }) => size);
}

/** 1970 began on a Thursday. */
const weekdayOf = (day: number) => (day + 4) % 7;

function countStories(items: readonly StoryItem[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { story = '' } of items) counts[story] = (counts[story] ?? 0) + 1;
  return counts;
}
