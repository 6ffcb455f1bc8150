import { Hono } from 'hono';
import type { Logger } from 'pino';
import { AppError } from '../errors.ts';
import { answerJson } from './answer.ts';
import type { HttpEnv, Serving } from './env.ts';
import { observe } from './observe.ts';
import { sendProblem } from './problem.ts';

const RETRY_AFTER_S = 2;

/** What the port answers with while model and database are being loaded: alive, not ready, come back. */
export function createStartingApp(logger: Logger, serving: Serving): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>({ strict: true });
  app.use(observe({ logger, serving }));
  app.get('/livez', (c) => answerJson(c, { status: 'ok' }));
  app.get('/readyz', (c) => answerJson(c, { status: serving.phase, checks: {}, warnings: [] }, 503));
  app.notFound((c) => sendProblem(c, startingError()));
  return app;
}

function startingError(): AppError {
  return new AppError('starting', 'The service is loading its model and its database.', { retryAfter: RETRY_AFTER_S });
}
