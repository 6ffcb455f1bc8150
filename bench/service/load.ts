import { Connection } from './connection.ts';

export interface HttpRequest {
  readonly path: string;
  readonly body: object;
}

export interface LoadOptions {
  readonly url: string;
  readonly requests: readonly HttpRequest[];
  /** Keep-alive connections; each sends its next request when the last is answered. */
  readonly connections: number;
  readonly signal: AbortSignal;
  onProgress?(done: number): void;
}

export interface LoadResult {
  readonly elapsedMs: number;
  /** From sending to the last byte of the answer, milliseconds. */
  readonly latenciesMs: readonly number[];
  /** Processor time of the client per request, milliseconds: not there for the service. */
  readonly clientMs: number;
}

/**
 * Sends POST requests from this process.
 *
 * @throws Error at the first answer that is not 2xx
 */
export async function sendLoad({ url, requests, ...options }: LoadOptions): Promise<LoadResult> {
  const address = new URL(url);
  const { connections, signal, onProgress } = options;
  const latenciesMs: number[] = [];
  const bodies = requests.map(({ path, body }) => ({ path, bytes: Buffer.from(JSON.stringify(body)) }));
  const queue = bodies.entries();
  const send = async () => {
    using connection = await Connection.open(address, signal);
    for (const [at, { path, bytes }] of queue) {
      const sent = performance.now();
      const status = await connection.post(path, bytes);
      latenciesMs[at] = performance.now() - sent;
      if (status < 200 || status > 299) throw new Error(`${path} answered ${status}.`);
      onProgress?.(at + 1);
    }
  };
  const cpu = process.cpuUsage();
  const started = performance.now();
  await Promise.all(Array.from({ length: connections }, send));
  const elapsedMs = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  return { elapsedMs, latenciesMs, clientMs: (user + system) / 1000 / requests.length };
}
