import { z } from 'zod';
import type { Engine } from '../context.ts';
import { isAppError, throwIfCancelled } from '../errors.ts';
import { classify } from '../feedback/classify.ts';
import { type ClassifyBody, classifyBodySchema } from '../intake/request.ts';
import { labelledSchema } from '../taxonomies/answer.ts';
import { classifyInto, type LabelSource } from '../taxonomies/classify.ts';
import { DEFAULT_TAXONOMY } from '../taxonomies/definition.ts';
import type { TaxonomiesInForce } from '../taxonomies/in-force.ts';
import { decisionSchema } from '../triage/decision.ts';
import { parseWith } from './body.ts';
import { below, problemSchema, toProblem } from './problem.ts';

/** Items of one batch in work at once: enough for every session, few enough to leave room for other callers. */
const CONCURRENCY = 8;

const timing = { timing_ms: z.number().describe('Milliseconds from reading to deciding.') };
export const classifiedSchema = decisionSchema.extend(timing).meta({ id: 'Classified' });
export const labelledAnswerSchema = labelledSchema.extend(timing).meta({ id: 'LabelledAnswer' });
export const classifiedBatchSchema = z
  .object({
    items: z
      .array(
        z.union([
          z.object({ status: z.literal(200), decision: z.union([classifiedSchema, labelledAnswerSchema]) }),
          z.object({ status: z.int().describe('As if it had been sent alone.'), problem: problemSchema }),
        ]),
      )
      .describe('In the order of the request.'),
  })
  .meta({ id: 'ClassifiedBatch' });
type Answer = z.infer<typeof classifiedSchema> | z.infer<typeof labelledAnswerSchema>;
type Batch = z.infer<typeof classifiedBatchSchema>;
type BatchItem = Batch['items'][number];

/** What decides: the shipped taxonomy, and all others. */
export interface Decider {
  readonly engine: Engine;
  readonly taxonomies: TaxonomiesInForce;
}

/** @throws AppError as `classify` and `classifyInto` do */
export async function decideOne(
  { engine, taxonomies }: Decider,
  request: ClassifyBody,
  signal: AbortSignal,
): Promise<Answer> {
  const source = labelSourceOf(request);
  if (source === undefined) {
    const { decision, timing } = await classify(engine, request, { signal });
    return { ...decision, timing_ms: toHundredths(timing.total) };
  }
  const started = performance.now();
  const labelled = await classifyInto(engine, taxonomies, source, request, signal);
  return { ...labelled, timing_ms: toHundredths(performance.now() - started) };
}

/** Undefined for the shipped taxonomy. */
function labelSourceOf({ taxonomy, labels }: ClassifyBody): LabelSource | undefined {
  if (labels !== undefined) return { labels };
  return taxonomy === undefined || taxonomy === DEFAULT_TAXONOMY ? undefined : { taxonomy };
}

function toHundredths(ms: number): number {
  return Math.round(ms * 100) / 100;
}

/**
 * Decides about each item, several at once; an item that is refused carries its own problem.
 *
 * @throws AppError `cancelled` when the signal is aborted: items that have not begun are not begun
 */
export async function decideBatch(
  decider: Decider,
  items: readonly unknown[],
  signal: AbortSignal,
  requestId: string,
): Promise<Batch> {
  const answers: BatchItem[] = [];
  let next = 0;
  const decideItem = async (item: unknown, pointer: string): Promise<BatchItem> => {
    try {
      const request = parseWith(classifyBodySchema, item, pointer);
      const decided = decideOne(decider, request, signal).catch((error: unknown) => {
        throw below(pointer, error);
      });
      return { status: 200, decision: await decided };
    } catch (error) {
      if (isAppError(error, 'cancelled')) throw error;
      const { problem } = toProblem(error, requestId);
      if (problem.status === 500) decider.engine.logger.error({ err: error, requestId }, 'an item of a batch failed');
      return { status: problem.status, problem };
    }
  };
  const work = async () => {
    for (let at = next++; at < items.length; at = next++) {
      throwIfCancelled(signal);
      answers[at] = await decideItem(items[at], `/items/${at}`);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return { items: answers };
}
