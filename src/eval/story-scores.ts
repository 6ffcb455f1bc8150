import { LEAST_CUSTOMERS } from '../clusters/item.ts';
import { BurstDetector, type BurstEvent, HOUR_MS, LEAST_PEOPLE } from '../clusters/trend/burst.ts';
import type { StoryItem } from './story-set.ts';

const MINUTE_MS = 60_000;

export interface StoryScores {
  readonly mean_story_recall: number;
  readonly mean_story_precision: number;
  /** Mean over the stories that were found of the items that had arrived when their cluster existed. */
  readonly items_until_found: number | null;
  readonly bursts_found: number;
  /** From the first of the five within an hour to the alert, mean over the bursts that were found. */
  readonly burst_delay_minutes: number | null;
  readonly false_bursts: number;
}

/** What became of the messages: the cluster of each at the end, and the bursts that were told meanwhile. */
export interface Outcome {
  readonly clusters: readonly (string | undefined)[];
  readonly bursts: readonly ClusterBurst[];
  /** For every story the items that had arrived when a cluster of it existed. */
  readonly found: ReadonlyMap<string, number>;
}

export interface ClusterBurst {
  readonly cluster: string;
  readonly event: BurstEvent;
}

/** A time in which at least five customers of one story wrote within an hour. */
export interface TrueBurst {
  readonly story: string;
  readonly startedAt: number;
  readonly endedAt: number;
}

export function scoreStories(items: readonly StoryItem[], { clusters, bursts, found }: Outcome): StoryScores {
  const stories = [...new Set(items.flatMap(({ story }) => story ?? []))];
  const shares = stories.map((story) => scoreStory(items, clusters, story));
  const truth = stories.flatMap((story) => trueBursts(items, story));
  const told = bursts.filter(({ event }) => event.kind === 'opened');
  const alerts = told.map(({ cluster, event }) => ({ story: storyOf(items, clusters, cluster), at: event.at }));
  const isOf = (alert: (typeof alerts)[number], burst: TrueBurst) =>
    alert.story === burst.story && alert.at >= burst.startedAt && alert.at <= burst.endedAt;
  const delays = truth.flatMap((burst) => {
    const first = alerts.filter((alert) => isOf(alert, burst)).map(({ at }) => at);
    return first.length === 0 ? [] : [(Math.min(...first) - burst.startedAt) / MINUTE_MS];
  });
  const until = stories.flatMap((story) => found.get(story) ?? []);
  return {
    mean_story_recall: mean(shares.map(({ recall }) => recall)) ?? 0,
    mean_story_precision: mean(shares.map(({ precision }) => precision)) ?? 0,
    items_until_found: mean(until),
    bursts_found: delays.length,
    burst_delay_minutes: mean(delays),
    false_bursts: alerts.filter((alert) => !truth.some((burst) => isOf(alert, burst))).length,
  };
}

/** Items of every story that had come when one cluster held enough of its customers; `clusters` as they are at the end. */
export function foundAfter(
  items: readonly StoryItem[],
  clusters: readonly (string | undefined)[],
): Map<string, number> {
  const found = new Map<string, number>();
  const seen = new Map<string, number>();
  const people = new Map<string, Set<string>>();
  for (const [at, { story, customer_id, id }] of items.entries()) {
    if (story === undefined) continue;
    seen.set(story, (seen.get(story) ?? 0) + 1);
    if (clusters[at] === undefined) continue;
    const key = `${story}\n${clusters[at]}`;
    const customers = (people.get(key) ?? new Set()).add(customer_id ?? id);
    people.set(key, customers);
    if (customers.size >= LEAST_CUSTOMERS && !found.has(story)) found.set(story, seen.get(story) ?? 0);
  }
  return found;
}

/** The bursts of every cluster, had its items come to it as they were written. */
export function replayBursts(items: readonly StoryItem[], clusters: readonly (string | undefined)[]): ClusterBurst[] {
  const detectors = new Map<string, BurstDetector>();
  return items.flatMap(({ ts, customer_id, id }, at) => {
    const cluster = clusters[at];
    if (cluster === undefined) return [];
    const detector = detectors.get(cluster) ?? new BurstDetector();
    detectors.set(cluster, detector);
    return detector.observe(ts, customer_id ?? id).map((event) => ({ cluster, event }));
  });
}

/** Every stretch of a story in which five customers wrote within an hour. */
export function trueBursts(items: readonly StoryItem[], story: string): TrueBurst[] {
  const own = items.filter((item) => item.story === story);
  const bursts: { story: string; startedAt: number; endedAt: number }[] = [];
  for (const [at, { ts }] of own.entries()) {
    const within = own.slice(0, at + 1).filter((item) => item.ts > ts - HOUR_MS);
    if (new Set(within.map(({ customer_id, id }) => customer_id ?? id)).size < LEAST_PEOPLE) continue;
    const startedAt = within[0]?.ts ?? ts;
    const last = bursts.at(-1);
    if (last !== undefined && startedAt <= last.endedAt) last.endedAt = ts + HOUR_MS;
    else bursts.push({ story, startedAt, endedAt: ts + HOUR_MS });
  }
  return bursts;
}

/** How much of a story is in the cluster that holds most of it, and how much of that cluster is the story's. */
function scoreStory(items: readonly StoryItem[], clusters: readonly (string | undefined)[], story: string) {
  const counts = new Map<string, number>();
  let own = 0;
  for (const [at, item] of items.entries()) {
    if (item.story !== story) continue;
    own++;
    const cluster = clusters[at];
    if (cluster !== undefined) counts.set(cluster, (counts.get(cluster) ?? 0) + 1);
  }
  const [main] = [...counts].sort(([, left], [, right]) => right - left);
  if (main === undefined) return { recall: 0, precision: 0 };
  return { recall: main[1] / own, precision: main[1] / clusters.filter((cluster) => cluster === main[0]).length };
}

function storyOf(items: readonly StoryItem[], clusters: readonly (string | undefined)[], cluster: string) {
  const counts = new Map<string | undefined, number>();
  for (const [at, { story }] of items.entries())
    if (clusters[at] === cluster) counts.set(story, (counts.get(story) ?? 0) + 1);
  return [...counts].sort(([, left], [, right]) => right - left)[0]?.[0];
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
