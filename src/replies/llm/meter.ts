import { Counter, Gauge, Histogram, type Metric } from 'prom-client';
import type { Config } from '../../config.ts';
import { Breaker } from './breaker.ts';
import type { Usage } from './failures.ts';

/** What one process has asked of the model, and whether it asks at the moment. */
export class ModelMeter {
  readonly breaker = new Breaker();
  readonly #requests = new Counter({
    name: 'llm_requests_total',
    help: 'Requests to the model, by what became of them.',
    labelNames: ['outcome'],
    registers: [],
  });
  readonly #spared = new Counter({
    name: 'llm_spared_total',
    help: 'Rewordings for which the model was not asked, by reason.',
    labelNames: ['reason'],
    registers: [],
  });
  readonly #tokens = new Counter({
    name: 'llm_tokens_total',
    help: 'Tokens of the model; estimated where the endpoint does not count.',
    labelNames: ['kind', 'counted'],
    registers: [],
  });
  readonly #duration = new Histogram({
    name: 'llm_request_duration_seconds',
    help: 'Time from asking the model to the end of its answer, seconds.',
    buckets: [0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120],
    registers: [],
  });
  readonly #open: Gauge;

  constructor() {
    const { breaker } = this;
    this.#open = new Gauge({
      name: 'llm_breaker_open',
      help: '1 while this process does not ask the model because it failed several times in a row.',
      registers: [],
      collect() {
        this.set(breaker.isResting(new Date()) ? 1 : 0);
      },
    });
  }

  /** To be served. */
  get metrics(): readonly Metric[] {
    return [this.#requests, this.#spared, this.#tokens, this.#duration, this.#open];
  }

  spared(reason: string): void {
    this.#spared.inc({ reason });
  }

  asked(outcome: string, { promptTokens, completionTokens, isCounted }: Usage, seconds: number): void {
    const counted = String(isCounted);
    this.#requests.inc({ outcome });
    this.#tokens.inc({ kind: 'prompt', counted }, promptTokens);
    this.#tokens.inc({ kind: 'completion', counted }, completionTokens);
    this.#duration.observe(seconds);
  }
}

const meters = new WeakMap<Config, ModelMeter>();

/** The meter of a process, by its configuration. */
export function meterOf(config: Config): ModelMeter {
  const meter = meters.get(config) ?? new ModelMeter();
  meters.set(config, meter);
  return meter;
}
