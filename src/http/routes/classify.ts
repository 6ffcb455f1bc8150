import type { Context as HonoContext } from 'hono';
import { z } from 'zod';
import type { Engine } from '../../context.ts';
import { classifyBodySchema, MAX_BATCH } from '../../intake/request.ts';
import type { TaxonomiesInForce } from '../../taxonomies/in-force.ts';
import { answerJson } from '../answer.ts';
import { CLASSIFIED_BATCH_EXAMPLE, CLASSIFIED_EXAMPLE } from '../answer-examples.ts';
import { parseWith, readJson } from '../body.ts';
import { classifiedBatchSchema, classifiedSchema, decideBatch, decideOne, labelledAnswerSchema } from '../decide.ts';
import type { HttpEnv } from '../env.ts';
import { BATCH_EXAMPLES, CLASSIFY_EXAMPLES } from '../examples.ts';
import { addOperation, newApp, problems } from '../openapi.ts';
import { INLINE_EXAMPLES, LABELLED_EXAMPLE } from '../taxonomy-examples.ts';

const batchSchema = z.strictObject({
  items: z
    .array(z.unknown())
    .min(1, 'must hold at least one item')
    .max(MAX_BATCH, `must hold at most ${MAX_BATCH} items`),
});
const batchDocSchema = z
  .strictObject({ items: z.array(classifyBodySchema).min(1).max(MAX_BATCH) })
  .meta({ id: 'ClassifyBatch' });
const REFUSALS = problems(400, 401, 409, 413, 415, 422, 500, 503);

/** Decisions that are not stored. */
export function classifyRoutes(engine: Engine, taxonomies: TaxonomiesInForce) {
  const app = newApp();
  const decider = { engine, taxonomies };

  const decideAll = async (c: HonoContext<HttpEnv>, body: unknown) => {
    const { items } = parseWith(batchSchema, body);
    return answerJson(c, await decideBatch(decider, items, c.req.raw.signal, c.get('requestId')));
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
          'Type, topics, risk flags, urgency, priority, deadlines and queue, each with its reasons. Nothing is kept. With `taxonomy` or `labels` it is one label out of those instead, or none. A body with `items` is answered as a batch, as by `/v1/classify/batch`.',
        request: {
          body: {
            required: true,
            content: {
              'application/json': {
                schema: z.union([classifyBodySchema, batchDocSchema]),
                examples: { ...CLASSIFY_EXAMPLES, ...INLINE_EXAMPLES, ...BATCH_EXAMPLES },
              },
            },
          },
        },
        responses: {
          200: {
            description: 'The decision, or one answer per item of a batch.',
            content: {
              'application/json': {
                schema: z.union([classifiedSchema, labelledAnswerSchema, classifiedBatchSchema]),
                examples: {
                  one: { summary: 'One message', value: CLASSIFIED_EXAMPLE },
                  labelled: { summary: 'One of the labels that were sent', value: LABELLED_EXAMPLE },
                  batch: { summary: 'A batch', value: CLASSIFIED_BATCH_EXAMPLE },
                },
              },
            },
          },
          ...REFUSALS,
        },
      },
      async (c) => {
        const { value } = await readJson(c);
        if (isBatch(value)) return await decideAll(c, value);
        return answerJson(c, await decideOne(decider, parseWith(classifyBodySchema, value), c.req.raw.signal));
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
        200: {
          description: 'One answer per item.',
          content: { 'application/json': { schema: classifiedBatchSchema, example: CLASSIFIED_BATCH_EXAMPLE } },
        },
        ...REFUSALS,
      },
    },
    async (c) => decideAll(c, (await readJson(c)).value),
  );
  return app;
}

function isBatch(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'items' in value && !('text' in value);
}
