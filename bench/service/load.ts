import { Agent, request } from 'node:http';

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
  /** Cores that the client itself used: they are not there for the service. */
  readonly clientCores: number;
}

/**
 * Sends requests from this process. `node:http`, because it costs less than `fetch` and the client shares the
 * service's cores.
 *
 * @throws Error at the first answer that is not 2xx
 */
export async function sendLoad(options: LoadOptions): Promise<LoadResult> {
  const { url, requests, connections, signal } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latenciesMs: number[] = [];
  const bodies = requests.map(({ path, body }) => ({ path, bytes: Buffer.from(JSON.stringify(body)) }));
  let next = 0;
  const send = async () => {
    for (let at = next++; at < bodies.length; at = next++) {
      const { path = '', bytes = Buffer.alloc(0) } = bodies[at] ?? {};
      const sent = performance.now();
      await post(agent, new URL(path, url), bytes, signal);
      latenciesMs[at] = performance.now() - sent;
      options.onProgress?.(at + 1);
    }
  };
  const cpu = process.cpuUsage();
  const started = performance.now();
  try {
    await Promise.all(Array.from({ length: connections }, send));
    const elapsedMs = performance.now() - started;
    const { user, system } = process.cpuUsage(cpu);
    return { elapsedMs, latenciesMs, clientCores: (user + system) / 1000 / elapsedMs };
  } finally {
    agent.destroy();
  }
}

function post(agent: Agent, url: URL, bytes: Buffer, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': bytes.length };
    const sending = request(url, { method: 'POST', agent, headers, signal }, (response) => {
      const { statusCode = 0 } = response;
      response.resume();
      response.once('error', reject);
      response.once('end', () => {
        if (statusCode >= 200 && statusCode < 300) resolve();
        else reject(new Error(`${url.pathname} answered ${statusCode}.`));
      });
    });
    sending.once('error', reject);
    sending.end(bytes);
  });
}
