import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { HttpEnv, Phase, Serving } from './env.ts';
import { createStartingApp } from './starting.ts';

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** A request may be on its way on a connection that looks idle: closed at once with the port, it would be reset. */
const IDLE_GRACE_MS = 500;
const QUIET_TURNS = 20;
const ACCEPT_LIMIT_MS = 500;

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
    const closed = this.#closePort();
    late.push(after(IDLE_GRACE_MS, () => this.#server.closeIdleConnections()));
    await closed;
    over.abort();
    await Promise.all(late);
    this.#server.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /**
   * Takes no more connections and resolves when those that there are have ended; `close` of an HTTP server would end
   * the idle ones too.
   */
  async #closePort(): Promise<void> {
    await this.#untilAccepted();
    await new Promise((resolve) => NetServer.prototype.close.call(this.#server, resolve));
  }

  /** Resolves when the loop has turned a few times without a connection: those that the kernel still holds are reset. */
  async #untilAccepted(): Promise<void> {
    let quiet = 0;
    const count = () => {
      quiet = 0;
    };
    this.#server.on('connection', count);
    for (const end = performance.now() + ACCEPT_LIMIT_MS; quiet < QUIET_TURNS && performance.now() < end; quiet++)
      await new Promise((resolve) => setImmediate(resolve));
    this.#server.off('connection', count);
  }
}
