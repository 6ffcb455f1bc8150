import type { Section } from '../bench.ts';
import { coldStart } from './cold-start.ts';
import { eventLoopDelay } from './event-loop-delay.ts';
import { httpThroughput } from './http-throughput.ts';
import { idleMemory } from './idle-memory.ts';
import { poolThroughput } from './pool-throughput.ts';
import { reclusterGrowth } from './recluster.ts';
import { submitLatency } from './submit-latency.ts';
import { taxonomyTraining } from './taxonomy-training.ts';
import { textGrowth } from './text-growth.ts';

/** In the order of the table in docs/benchmarks.md. */
export const SECTIONS: readonly Section[] = [
  poolThroughput,
  httpThroughput,
  submitLatency,
  reclusterGrowth,
  idleMemory,
  coldStart,
  eventLoopDelay,
  textGrowth,
  taxonomyTraining,
];
