import path from 'node:path';
import { PROJECT_ROOT } from '../config.ts';
import type { Engine } from '../context.ts';
import { type BurstEvaluation, evaluateBursts } from './bursts.ts';
import { type ClusterEvaluation, evaluateClusters } from './cluster.ts';
import { readLabelledCsv } from './labelled-csv.ts';
import { evaluateStories, type StoriesEvaluation } from './stories.ts';
import { readStories } from './story-set.ts';
import type { EmbedRun } from './vector-store.ts';

const place = (file: string) => path.join(PROJECT_ROOT, 'data', 'eval', file);
/** The first was known when thresholds were set and titles written. */
const STORIES = {
  dev: 'dev/stories.jsonl',
  'apart, plain': 'apart/plain/stories.jsonl',
  'apart, hard': 'apart/hard/stories.jsonl',
} as const;
const SEED = 1;
/** Data that comes later, as a share of what was there before. */
const MORE = 0.1;

export interface ShippedClusters {
  readonly banking: ClusterEvaluation;
  readonly stories: readonly { readonly name: string; readonly result: StoriesEvaluation }[];
  readonly bursts: BurstEvaluation;
}

/** Clusters, stories and bursts of the shipped sets. */
export async function evaluateShippedClusters(engine: Engine, run: EmbedRun): Promise<ShippedClusters> {
  const { rows } = await readLabelledCsv(place('banking77/test.csv'), { text: 'text', label: 'category' });
  const stories: ShippedClusters['stories'][number][] = [];
  for (const [name, file] of Object.entries(STORIES)) {
    const result = await evaluateStories(engine, await readStories(place(file)), { seed: SEED, ...run });
    stories.push({ name, result });
  }
  return {
    banking: await evaluateClusters(engine, rows, { seed: SEED, stability: MORE, ...run }),
    stories,
    bursts: await evaluateBursts(place('nab_tweets'), run.signal),
  };
}
