import { randomUUID } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { Logger } from 'pino';
import type { HttpEnv, Serving } from './env.ts';
import type { HttpMetrics } from './metrics.ts';

const REQUEST_ID = /^[\w.-]{1,64}$/u;

export interface ObserveOptions {
  readonly logger: Logger;
  readonly serving: Serving;
  readonly metrics?: HttpMetrics;
}

/** Gives every request its id, and tells of every answer in one log line and in the metrics. */
export function observe({ logger, serving, metrics }: ObserveOptions): MiddlewareHandler<HttpEnv> {
  return async function observeMiddleware(c, next) {
    const given = c.req.header('x-request-id');
    const requestId = given !== undefined && REQUEST_ID.test(given) ? given : randomUUID();
    c.set('requestId', requestId);
    c.set('serving', serving);
    const started = performance.now();
    await next();
    const duration = performance.now() - started;
    const { method } = c.req;
    const { status } = c.res;
    const route = matchedRoutes(c).findLast(({ path }) => path !== '/*')?.path ?? 'unknown';
    metrics?.observe(route, method, status, duration / 1000);
    logger.info({ requestId, method, route, status, duration_ms: Math.round(duration) }, 'request');
  };
}
