import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Context } from '../context.ts';
import { spentTokens } from '../replies/llm/budget.ts';
import { meterOf } from '../replies/llm/meter.ts';

export interface HttpMetrics {
  readonly registry: Registry;
  observe(route: string, method: string, status: number, seconds: number): void;
}

/** Counts and durations by route (never by path, which may hold ids), and the state of encoder and database. */
export function createMetrics(context: Context): HttpMetrics {
  const { encoder, database } = context;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests answered.',
    labelNames: ['route', 'method', 'status'],
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer a request, seconds.',
    labelNames: ['route', 'method'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge('encoder_sessions', 'Encoder sessions that can take work.', () => encoder.stats().sessions);
  gauge('encoder_busy', 'Encoder sessions at work.', () => encoder.stats().busy);
  gauge('encoder_waiting', 'Texts that wait for a session.', () => encoder.stats().waiting);
  gauge('encoder_restarts', 'Encoder workers replaced since the start.', () => encoder.stats().restarts);
  gauge('encoder_cache_hits', 'Texts answered from the cache since the start.', () => encoder.stats().cacheHits);
  gauge('database_waiting', 'Calls that wait for a connection.', () => database.health().waiting);
  gauge('database_busy', 'Connections in use.', () => database.health().busy);
  if (context.config.LLM_URL !== undefined) addModelMetrics(registry, context);
  return {
    registry,
    observe(route, method, status, seconds) {
      requests.inc({ route, method, status: String(status) });
      duration.observe({ route, method }, seconds);
    },
  };
}

/** What the model is asked and costs; the budget is that of all replicas. */
function addModelMetrics(registry: Registry, { config, database, logger, now }: Context): void {
  for (const metric of meterOf(config).metrics) registry.registerMetric(metric);
  new Gauge({
    name: 'llm_budget_tokens',
    help: 'Tokens that all replicas together may spend per day (UTC).',
    registers: [registry],
  }).set(config.LLM_TOKENS_PER_DAY);
  new Gauge({
    name: 'llm_budget_spent_tokens',
    help: 'Tokens of the day (UTC) that all replicas have spent or keep for running requests; NaN when unknown.',
    registers: [registry],
    async collect() {
      try {
        this.set(await spentTokens(database.kysely, now()));
      } catch (error) {
        logger.warn({ err: error }, 'the spending of the day could not be read');
        this.set(Number.NaN);
      }
    },
  });
}
