import { isLoopback } from '../config.ts';
import { type Context, openContext } from '../context.ts';
import { keepHouse } from '../db/housekeeping.ts';
import { presentSla } from '../feedback/deadline-columns.ts';
import { createApp } from '../http/app.ts';
import { HttpServer } from '../http/server.ts';
import { startJobs } from '../jobs/runner.ts';
import { importShippedQuietly } from '../knowledge/import-shipped.ts';
import { followReplicas } from '../learning/follow-replicas.ts';
import { describeEndingCalendars } from '../triage/calendar-reach.ts';
import { type AddCommand, createRuntime, type Runtime } from './command.ts';
import { endInTime, NOTICE_MS, PATIENCE_MS, REQUESTS_MS } from './shutdown.ts';

/** `serve`: the HTTP service, until SIGTERM or Ctrl-C. */
export const addServe: AddCommand = (program, signal) => {
  program
    .command('serve')
    .description('serve the HTTP API until SIGTERM or Ctrl-C')
    .action(async () => {
      const runtime = createRuntime(signal, 'service');
      const open = (onAccepted: () => void) => openContext({ ...runtime, onAccepted });
      await runService(runtime, open, () => undefined);
    });
};

/**
 * Binds the port, opens the context, serves, calls `onListening` with the address, and returns when the signal has
 * come, requests are answered and the context is closed.
 *
 * @param open calls its argument when nothing known refuses the start any more
 */
export async function runService(
  runtime: Runtime,
  open: (onAccepted: () => void) => Promise<Context>,
  onListening: (url: string) => Promise<void> | void,
): Promise<void> {
  const { config, logger, signal } = runtime;
  endInTime(signal, logger);
  await using server = await HttpServer.listen(config, logger);
  await using context = await open(() => logger.info({ port: server.port }, 'loading model and database'));
  await serveUntilStopped(server, context, runtime, onListening);
}

async function serveUntilStopped(
  server: HttpServer,
  context: Context,
  { config, logger, signal }: Runtime,
  onListening: (url: string) => Promise<void> | void,
): Promise<void> {
  const jobs = await startJobs(context);
  const houseAbort = new AbortController();
  const house = keepHouse(context.database, { logger, signal: houseAbort.signal });
  const following = followReplicas(context, houseAbort.signal);
  const importing = importShippedQuietly(context, houseAbort.signal);
  try {
    server.serve(createApp(context, jobs, server));
    logger.info({ url: server.url, engine: context.database.engine, head: context.learned.version }, 'listening');
    if (config.API_KEYS.length === 0 && isLoopback(config.HOST)) {
      logger.warn('no API_KEYS are configured: only this machine can reach the service, and it asks for no key');
    }
    for (const warning of describeEndingCalendars(presentSla(context), context.now())) logger.warn(warning);
    logger.flush();
    await onListening(server.url);
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    logger.info('stopping: requests in flight are answered first');
  } finally {
    houseAbort.abort();
    // What waits in the encoder's queue is refused with 503 before the connections are cut; what runs is finished.
    const giveUp = async () => await context.encoder[Symbol.asyncDispose]();
    const drained = server.drain({ noticeMs: NOTICE_MS, patienceMs: PATIENCE_MS, cutMs: REQUESTS_MS, giveUp });
    await Promise.all([drained, jobs[Symbol.asyncDispose](), house, following, importing]);
  }
}
