import { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { isLoopback } from '../config.ts';
import { type Context, openContext } from '../context.ts';
import { keepHouse } from '../db/housekeeping.ts';
import { createApp } from '../http/app.ts';
import { startJobs } from '../jobs/runner.ts';
import { type AddCommand, createRuntime, type Runtime } from './command.ts';

/** Requests in flight get this long to finish after SIGTERM. */
const DRAIN_MS = 8_000;
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;

/** `serve`: the HTTP service, until SIGTERM or Ctrl-C. */
export const addServe: AddCommand = (program, signal) => {
  program
    .command('serve')
    .description('serve the HTTP API until SIGTERM or Ctrl-C')
    .action(async () => {
      const runtime = createRuntime(signal, 'service');
      await using context = await openContext(runtime);
      await runService(context, runtime, () => undefined);
    });
};

/** Listens, calls `onListening` with the address, and returns when the signal has come and requests are answered. */
export async function runService(
  context: Context,
  { config, logger, signal }: Runtime,
  onListening: (url: string) => Promise<void> | void,
): Promise<void> {
  await using _jobs = await startJobs(context);
  const houseAbort = new AbortController();
  const house = keepHouse(context.database, { logger, signal: houseAbort.signal });
  try {
    const server = await listen(context, config.HOST, config.PORT);
    const url = addressOf(server, config.HOST);
    logger.info({ url, engine: context.database.engine, head: context.learned.version }, 'listening');
    if (config.API_KEYS.length === 0 && isLoopback(config.HOST)) {
      logger.warn('no API_KEYS are configured: only this machine can reach the service, and it asks for no key');
    }
    await onListening(url);
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    logger.info('stopping: requests in flight are answered first');
    await drain(server);
  } finally {
    houseAbort.abort();
    await house;
  }
}

function listen(context: Context, hostname: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: createApp(context).fetch, hostname, port });
    if (!(server instanceof Server)) throw new TypeError('not an HTTP/1.1 server');
    server.once('listening', () => resolve(server));
    server.headersTimeout = HEADERS_TIMEOUT_MS;
    server.requestTimeout = REQUEST_TIMEOUT_MS;
    server.once('error', reject);
  });
}

function addressOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const late = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(late);
}
