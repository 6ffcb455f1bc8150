import { z } from 'zod';
import type { Engine } from '../../context.ts';
import { isAppError, throwIfCancelled } from '../../errors.ts';
import { classify } from '../../feedback/classify.ts';
import { type ClassifyRequest, classifyRequestSchema, MAX_BATCH } from '../../intake/request.ts';
import { decisionSchema } from '../../triage/decision.ts';
import { answerJson } from '../answer.ts';
import { parseWith, readJson } from '../body.ts';
import { BATCH_EXAMPLES, CLASSIFY_EXAMPLES } from '../examples.ts';
import { addOperation, newApp, problems } from '../openapi.ts';
import { below, problemSchema, toProblem } from '../problem.ts';

/** Items of one batch in work at once: enough for every session, few enough to leave room for other callers. */
const BATCH_CONCURRENCY = 8;

const classifiedSchema = decisionSchema
  .extend({ timing_ms: z.number().describe('Milliseconds from reading to deciding.') })
  .openapi('Classified');
const batchSchema = z.strictObject({
  items: z
    .array(z.unknown())
    .min(1, 'must hold at least one item')
    .max(MAX_BATCH, `must hold at most ${MAX_BATCH} items`),
});
const batchAnswerSchema = z.object({
  items: z.array(
    z.union([
      z.object({ status: z.literal(200), decision: classifiedSchema }),
      z.object({ status: z.int(), problem: problemSchema }),
    ]),
  ),
});
type BatchAnswer = z.infer<typeof batchAnswerSchema>;
const batchDocSchema = z.strictObject({ items: z.array(classifyRequestSchema).min(1).max(MAX_BATCH) });
const REFUSALS = problems(400, 401, 413, 415, 422, 500, 503);

/** Decisions that are not stored. */
export function classifyRoutes(engine: Engine) {
  const app = newApp();

  const decide = async (request: ClassifyRequest, signal: AbortSignal) => {
    const { decision, timing } = await classify(engine, request, { signal });
    return { ...decision, timing_ms: Math.round(timing.total * 100) / 100 };
  };
  const decideAll = async (items: readonly unknown[], signal: AbortSignal, requestId: string): Promise<BatchAnswer> => {
    const answers: BatchAnswer['items'] = [];
    let next = 0;
    const work = async () => {
      for (let at = next++; at < items.length; at = next++) {
        throwIfCancelled(signal);
        answers[at] = await decideOne(items[at], `/items/${at}`);
      }
    };
    const decideOne = async (item: unknown, pointer: string): Promise<BatchAnswer['items'][number]> => {
      try {
        const request = parseWith(classifyRequestSchema, item, pointer);
        const decided = decide(request, signal).catch((error: unknown) => {
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
    await Promise.all(Array.from({ length: BATCH_CONCURRENCY }, work));
    return { items: answers };
  };

  for (const path of ['/classify', '/v1/classify']) {
    addOperation(
      app,
      {
        method: 'post',
        path,
        operationId: path === '/classify' ? 'classifyAlias' : 'classify',
        tags: ['Decisions'],
        summary: 'Decide about one message without storing it',
        description:
          'Type, topics, risk flags, urgency, priority, deadlines and queue, each with its reasons. Nothing is kept. A body with `items` is answered as a batch.',
        request: {
          body: {
            required: true,
            content: { 'application/json': { schema: classifyRequestSchema, examples: CLASSIFY_EXAMPLES } },
          },
        },
        responses: {
          200: { description: 'The decision.', content: { 'application/json': { schema: classifiedSchema } } },
          ...REFUSALS,
        },
      },
      async (c) => {
        const { value } = await readJson(c);
        if (isBatch(value))
          return answerJson(
            c,
            await decideAll(parseWith(batchSchema, value).items, c.req.raw.signal, c.get('requestId')),
          );
        return answerJson(c, await decide(parseWith(classifyRequestSchema, value), c.req.raw.signal));
      },
    );
  }
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/classify/batch',
      operationId: 'classifyBatch',
      tags: ['Decisions'],
      summary: `Decide about up to ${MAX_BATCH} messages`,
      description:
        'Answers item by item and in order; an item that is refused carries its own problem, and the others are decided all the same.',
      request: {
        body: { required: true, content: { 'application/json': { schema: batchDocSchema, examples: BATCH_EXAMPLES } } },
      },
      responses: {
        200: { description: 'One answer per item.', content: { 'application/json': { schema: batchAnswerSchema } } },
        ...REFUSALS,
      },
    },
    async (c) => {
      const { items } = parseWith(batchSchema, (await readJson(c)).value);
      return answerJson(c, await decideAll(items, c.req.raw.signal, c.get('requestId')));
    },
  );
  return app;
}

function isBatch(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'items' in value && !('text' in value);
}
