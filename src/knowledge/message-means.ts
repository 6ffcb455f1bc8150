import { meansOfExamples } from '../clusters/centre.ts';
import { AppError } from '../errors.ts';
import { collectSeedExamples, type SeedSources } from '../learning/load-head.ts';
import type { Means } from './vector-space.ts';

/** Every so manieth example: several hundred per language are enough for a mean. */
const EVERY = 6;

/** Mean vectors of what customers write, from the shipped examples. @throws AppError `bad_data_file` */
export async function messageMeans(sources: SeedSources): Promise<Means> {
  const seeds = sources.policy.seeds.filter((_, at) => at % EVERY === 0);
  const { zh, en } = meansOfExamples(await collectSeedExamples({ ...sources, policy: { seeds } }));
  if (zh === undefined || en === undefined)
    throw new AppError('bad_data_file', 'data/seeds: must hold examples in Chinese and in English');
  return { zh: zh.vector, en: en.vector };
}
