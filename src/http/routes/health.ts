import { z } from 'zod';
import type { Context } from '../../context.ts';
import { presentSla } from '../../feedback/deadline-columns.ts';
import { describeEndingCalendars } from '../../triage/calendar-reach.ts';
import { answer, answerJson } from '../answer.ts';
import type { HttpMetrics } from '../metrics.ts';
import { addOperation, newApp, problems } from '../openapi.ts';

const READY_DEADLINE_MS = 2_000;
const METRICS_EXAMPLE = 'http_requests_total{route="/v1/classify",method="POST",status="200"} 17\n';
const readySchema = z
  .object({
    status: z
      .enum(['ready', 'not_ready', 'starting', 'draining'])
      .describe('`starting` while model and database load, `draining` from SIGTERM on.'),
    checks: z.record(z.string(), z.enum(['ok', 'failed'])).describe('Empty while it starts or drains.'),
    warnings: z.array(z.string()).describe('What an operator should see to; the service works without it.'),
  })
  .meta({ id: 'Readiness' });

/** For supervisors and monitoring; /livez and /readyz are open without a key. */
export function healthRoutes(context: Context, metrics: HttpMetrics) {
  const app = newApp();
  addOperation(
    app,
    {
      method: 'get',
      path: '/livez',
      operationId: 'live',
      tags: ['Operation'],
      summary: 'Is the process alive',
      description: 'Answers as long as the event loop runs; asks nothing of database or encoder.',
      security: [],
      responses: {
        200: {
          description: 'It is.',
          content: { 'application/json': { schema: z.object({ status: z.literal('ok') }), example: { status: 'ok' } } },
        },
      },
    },
    (c) => answerJson(c, { status: 'ok' }),
  );
  addOperation(
    app,
    {
      method: 'get',
      path: '/readyz',
      operationId: 'ready',
      tags: ['Operation'],
      summary: 'Can it take requests',
      description:
        'Checks that the database answers and that an encoder session can take work. While the service starts or stops it says so.',
      security: [],
      responses: {
        200: {
          description: 'It can.',
          content: {
            'application/json': {
              schema: readySchema,
              example: { status: 'ready', checks: { database: 'ok', encoder: 'ok' }, warnings: [] },
            },
          },
        },
        503: {
          description: 'It cannot; `status` and `checks` say why.',
          content: {
            'application/json': {
              schema: readySchema,
              example: { status: 'not_ready', checks: { database: 'failed', encoder: 'ok' }, warnings: [] },
            },
          },
        },
      },
    },
    async (c) => {
      const { phase } = c.get('serving');
      if (phase !== 'ready') return answerJson(c, { status: phase, checks: {}, warnings: [] }, 503);
      const database = await context.database.ping(AbortSignal.timeout(READY_DEADLINE_MS)).then(
        () => true,
        () => false,
      );
      const encoder = context.encoder.stats().sessions > 0;
      const say = (good: boolean) => (good ? 'ok' : 'failed');
      const isReady = database && encoder;
      return answerJson(
        c,
        {
          status: isReady ? 'ready' : 'not_ready',
          checks: { database: say(database), encoder: say(encoder) },
          warnings: describeEndingCalendars(presentSla(context), context.now()),
        },
        isReady ? 200 : 503,
      );
    },
  );
  if (context.config.METRICS) {
    addOperation(
      app,
      {
        method: 'get',
        path: '/metrics',
        operationId: 'metrics',
        tags: ['Operation'],
        summary: 'Measurements for Prometheus',
        description: 'Text exposition format. Labels hold routes and statuses, never what customers wrote.',
        responses: {
          200: {
            description: 'The measurements.',
            content: { 'text/plain': { schema: z.string(), example: METRICS_EXAMPLE } },
          },
          ...problems(401, 500, 503),
        },
      },
      async (c) => answer(c, await metrics.registry.metrics(), metrics.registry.contentType),
    );
  }
  return app;
}
