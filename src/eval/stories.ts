import { Arrivals } from '../clusters/arrival/arrivals.ts';
import { seedMeans } from '../clusters/head-means.ts';
import type { ClusterItem } from '../clusters/item.ts';
import { LexicalSpace } from '../clusters/neighbours/lexical.ts';
import { recluster } from '../clusters/recluster/recluster.ts';
import { BurstDetector } from '../clusters/trend/burst.ts';
import { type ClusterSources, readClusterItems } from './cluster-items.ts';
import { describeClusters, type StoryCluster } from './story-clusters.ts';
import {
  type ClusterBurst,
  foundAfter,
  replayBursts,
  type StoryScores,
  scoreStories,
  trueBursts,
} from './story-scores.ts';
import type { StoryItem } from './story-set.ts';

export interface StoriesEvaluation extends StoryScores {
  readonly encoder: { readonly id: string; readonly hash: string };
  readonly items: number;
  readonly stories: number;
  /** Times at which at least five customers of one story wrote within an hour. */
  readonly bursts: number;
  readonly after_recluster: StoryScores;
  readonly clusters: readonly StoryCluster[];
  readonly ms: number;
}

export interface StoriesOptions {
  readonly seed: number;
  readonly signal: AbortSignal;
  onProgress?(done: number, total: number): void;
}

/** Feeds messages in the order of their times, as they would arrive, and clusters all of them again at the end. */
export async function evaluateStories(
  sources: ClusterSources,
  stories: readonly StoryItem[],
  options: StoriesOptions,
): Promise<StoriesEvaluation> {
  const { signal, seed, onProgress } = options;
  const means = seedMeans(sources);
  const rows = stories.map(({ id, text, customer_id, lang }) => ({ id, text, customer: customer_id, language: lang }));
  const run = { signal, ...(onProgress && { onProgress }) };
  const items = await readClusterItems(sources, rows, run);
  const started = performance.now();
  const arrived = replay(sources, stories, items, signal);
  // What joined nothing on arrival was not left out by a run over all items yet.
  const known = new Map(
    items.flatMap(({ id }, at) => (arrived.clusters[at] === undefined ? [] : [[id, arrived.clusters[at]] as const])),
  );
  const found = recluster(items, { seed, known, means, signal, newId: (at) => `new ${at}` });
  const names = new Set(stories.flatMap(({ story }) => story ?? []));
  const again = {
    clusters: found.clusters,
    bursts: replayBursts(stories, found.clusters),
    found: foundAfter(stories, found.clusters),
  };
  return {
    encoder: { id: sources.encoder.info.id, hash: sources.encoder.info.hash },
    items: stories.length,
    stories: names.size,
    bursts: [...names].flatMap((story) => trueBursts(stories, story)).length,
    ...scoreStories(stories, arrived),
    after_recluster: scoreStories(stories, again),
    clusters: describeClusters(stories, items, found, sources.policy.naming),
    ms: performance.now() - started,
  };
}

function replay(
  sources: ClusterSources,
  stories: readonly StoryItem[],
  items: readonly ClusterItem[],
  signal: AbortSignal,
) {
  const space = new LexicalSpace(sources.learned.head.model.vocabulary);
  const arrivals = new Arrivals({ dimensions: items[0]?.vector.length ?? 0, prior: seedMeans(sources), space });
  const detectors = new Map<string, BurstDetector>();
  const bursts: ClusterBurst[] = [];
  const found = new Map<string, number>();
  for (const [at, item] of items.entries()) {
    signal.throwIfAborted();
    const { arrival, joined } = arrivals.add(item, stories[at]?.ts ?? 0);
    const isAlone = arrival.kind === 'join' && joined.length === 1;
    bursts.push(...watch(detectors, stories, arrivals.clusters(), isAlone));
    for (const [story, count] of foundAfter(stories.slice(0, at + 1), arrivals.clusters()))
      if (!found.has(story)) found.set(story, Math.max(count, countOf(stories, story, at)));
  }
  return { clusters: arrivals.clusters(), bursts, found };
}

/**
 * What the newest message tells of bursts. Those who join late are told of when they join, and what they make of the
 * cluster with them, which is then looked at from the beginning.
 */
function watch(
  detectors: Map<string, BurstDetector>,
  stories: readonly StoryItem[],
  clusters: readonly (string | undefined)[],
  isAlone: boolean,
): ClusterBurst[] {
  const last = clusters.length - 1;
  const cluster = clusters[last];
  if (cluster === undefined) return [];
  const before = detectors.get(cluster);
  const detector = (isAlone ? before : undefined) ?? new BurstDetector();
  detectors.set(cluster, detector);
  const members = isAlone ? [last] : Array.from(clusters.keys()).filter((place) => clusters[place] === cluster);
  const events = members.flatMap((place) => observe(detector, stories[place]));
  const known = before?.burst === undefined ? 'closed' : 'opened';
  const told = isAlone || before === undefined ? events : events.slice(-1).filter(({ kind }) => kind !== known);
  return told.map((event) => ({ cluster, event: { ...event, at: stories[last]?.ts ?? event.at } }));
}

function observe(detector: BurstDetector, item: StoryItem | undefined) {
  return item === undefined ? [] : detector.observe(item.ts, item.customer_id ?? item.id);
}

function countOf(stories: readonly StoryItem[], story: string, upTo: number): number {
  return stories.slice(0, upTo + 1).filter((item) => item.story === story).length;
}
