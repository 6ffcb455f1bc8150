import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { HttpEnv, Phase, Serving } from './env.ts';
import { createStartingApp } from './starting.ts';

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;

export interface DrainPlan {
  /** New connections are still served for so long, so that a proxy sees `/readyz` say 503 before the port closes. */
  readonly noticeMs: number;
  /** After so long what still waits is given up by `giveUp`, which lets it be answered. */
  readonly patienceMs: number;
  /** After so long the connections that are left are cut. All three count from the call. */
  readonly cutMs: number;
  giveUp(): Promise<void>;
}

/** The port: bound first, while nothing is loaded, then serving an app, then drained. */
export class HttpServer implements Serving, AsyncDisposable {
  readonly #server: Server;
  readonly #host: string;
  #app: Hono<HttpEnv>;
  #phase: Phase = 'starting';

  private constructor(host: string, logger: Logger) {
    this.#host = host;
    this.#app = createStartingApp(logger, this);
    this.#server = createAdaptorServer({ fetch: (request, env) => this.#app.fetch(request, env) }) as Server;
    this.#server.headersTimeout = HEADERS_TIMEOUT_MS;
    this.#server.requestTimeout = REQUEST_TIMEOUT_MS;
  }

  /** Binds the port and answers that the service is starting. Rejects with the system's error (EADDRINUSE, EACCES). */
  static async listen({ HOST, PORT }: Pick<Config, 'HOST' | 'PORT'>, logger: Logger): Promise<HttpServer> {
    const http = new HttpServer(HOST, logger);
    await new Promise<void>((resolve, reject) => {
      http.#server.once('error', reject);
      http.#server.listen(PORT, HOST, () => {
        http.#server.off('error', reject);
        resolve();
      });
    });
    return http;
  }

  get phase(): Phase {
    return this.#phase;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  get url(): string {
    return `http://${this.#host.includes(':') ? `[${this.#host}]` : this.#host}:${this.port}`;
  }

  /** From now on requests go to this app. */
  serve(app: Hono<HttpEnv>): void {
    this.#app = app;
    this.#phase = 'ready';
  }

  /** Lets requests in flight be answered, and closes the port. Resolves when no connection is left. */
  async drain({ noticeMs, patienceMs, cutMs, giveUp }: DrainPlan): Promise<void> {
    this.#phase = 'draining';
    const over = new AbortController();
    const after = (ms: number, act: () => unknown) =>
      sleep(ms, undefined, { signal: over.signal }).then(act, () => undefined);
    const late = [after(patienceMs, giveUp), after(cutMs, () => this.#server.closeAllConnections())];
    await sleep(noticeMs);
    await this.#close();
    over.abort();
    await Promise.all(late);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return;
    const closed = this.#close();
    this.#server.closeAllConnections();
    await closed;
  }

  /** Right after the loop has polled: a connection that the kernel has taken and we have not would be reset. */
  async #close(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
