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
const SEED = 1;
/** Data that comes later, as a share of what was there before. */
const MORE = 0.1;

export interface ShippedClusters {
  readonly banking: ClusterEvaluation;
  readonly stories: StoriesEvaluation;
  readonly bursts: BurstEvaluation;
}

/** Clusters, stories and bursts of the shipped sets. */
export async function evaluateShippedClusters(engine: Engine, run: EmbedRun): Promise<ShippedClusters> {
  const { rows } = await readLabelledCsv(place('banking77/test.csv'), { text: 'text', label: 'category' });
  const stories = await readStories(place('dev/stories.jsonl'));
  return {
    banking: await evaluateClusters(engine, rows, { seed: SEED, stability: MORE, ...run }),
    stories: await evaluateStories(engine, stories, { seed: SEED, ...run }),
    bursts: await evaluateBursts(place('nab_tweets'), run.signal),
  };
}
