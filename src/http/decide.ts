import { z } from 'zod';
import type { Engine } from '../context.ts';
import { isAppError, throwIfCancelled } from '../errors.ts';
import { classify } from '../feedback/classify.ts';
import { type ClassifyRequest, classifyRequestSchema } from '../intake/request.ts';
import { decisionSchema } from '../triage/decision.ts';
import { parseWith } from './body.ts';
import { below, problemSchema, toProblem } from './problem.ts';

/** Items of one batch in work at once: enough for every session, few enough to leave room for other callers. */
const CONCURRENCY = 8;

export const classifiedSchema = decisionSchema
  .extend({ timing_ms: z.number().describe('Milliseconds from reading to deciding.') })
  .meta({ id: 'Classified' });
export const classifiedBatchSchema = z
  .object({
    items: z
      .array(
        z.union([
          z.object({ status: z.literal(200), decision: classifiedSchema }),
          z.object({ status: z.int().describe('As if it had been sent alone.'), problem: problemSchema }),
        ]),
      )
      .describe('In the order of the request.'),
  })
  .meta({ id: 'ClassifiedBatch' });
type Batch = z.infer<typeof classifiedBatchSchema>;
type BatchItem = Batch['items'][number];

/** @throws AppError as `classify` does */
export async function decideOne(
  engine: Engine,
  request: ClassifyRequest,
  signal: AbortSignal,
): Promise<z.infer<typeof classifiedSchema>> {
  const { decision, timing } = await classify(engine, request, { signal });
  return { ...decision, timing_ms: Math.round(timing.total * 100) / 100 };
}

/**
 * Decides about each item, several at once; an item that is refused carries its own problem.
 *
 * @throws AppError `cancelled` when the signal is aborted: items that have not begun are not begun
 */
export async function decideBatch(
  engine: Engine,
  items: readonly unknown[],
  signal: AbortSignal,
  requestId: string,
): Promise<Batch> {
  const answers: BatchItem[] = [];
  let next = 0;
  const decideItem = async (item: unknown, pointer: string): Promise<BatchItem> => {
    try {
      const request = parseWith(classifyRequestSchema, item, pointer);
      const decided = decideOne(engine, request, signal).catch((error: unknown) => {
        throw below(pointer, error);
      });
      return { status: 200, decision: await decided };
    } catch (error) {
      if (isAppError(error, 'cancelled')) throw error;
      const { problem } = toProblem(error, requestId);
      if (problem.status === 500) engine.logger.error({ err: error, requestId }, 'an item of a batch failed');
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
