import type { Context as HonoContext } from 'hono';
import type { Logger } from 'pino';
import { AppError } from '../errors.ts';
import { answer } from './answer.ts';
import type { HttpEnv } from './env.ts';

/** Streams of one process at a time; each asks the database a few times a second. */
const MAX_STREAMS = 100;
const BUSY_SECONDS = 5;
/** How soon a stream notices that the service stops. */
const LOOK_MS = 250;
/** A proxy that hears nothing for a minute cuts the connection. */
const KEEP_ALIVE_MS = 10_000;

export interface ServerEvent {
  readonly event: string;
  readonly data: unknown;
}

export interface EventSource {
  /** Gives the events until it is done or the signal, which a client that leaves raises, ends it. */
  events(signal: AbortSignal): AsyncIterable<ServerEvent>;
  /** What is said to those who have to be left because the service stops. */
  readonly farewell: ServerEvent;
}

/**
 * Streams of server-sent events (WHATWG HTML, 9.2). They end by themselves, when the client leaves, and when the service
 * stops: a shutdown does not wait for them. A reader that does not read cannot hold one up: what it is sent is little.
 */
export class EventStreams {
  readonly #logger: Logger;
  #open = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** @throws AppError `overloaded` when too many are open */
  answer(c: HonoContext<HttpEnv>, source: EventSource): Response {
    if (this.#open >= MAX_STREAMS) {
      const detail = `${MAX_STREAMS} streams are open already.`;
      throw new AppError('overloaded', detail, { retryAfter: BUSY_SECONDS });
    }
    this.#open += 1;
    const left = new AbortController();
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        void this.#run(c, source, controller, left).finally(() => {
          this.#open -= 1;
        });
      },
      cancel: () => left.abort(),
    });
    const headers = { 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' };
    return answer(c, body, 'text/event-stream', 200, headers);
  }

  /** Never rejects: what fails here is told in the stream and logged. */
  async #run(
    c: HonoContext<HttpEnv>,
    { events, farewell }: EventSource,
    controller: ReadableStreamDefaultController<Uint8Array>,
    left: AbortController,
  ): Promise<void> {
    const serving = c.get('serving');
    const stopping = new AbortController();
    const send = (text: string) => {
      if (!left.signal.aborted) controller.enqueue(Buffer.from(text));
    };
    const look = setInterval(() => serving.phase === 'draining' && stopping.abort(), LOOK_MS);
    const alive = setInterval(() => send(': still here\n\n'), KEEP_ALIVE_MS);
    const over = AbortSignal.any([left.signal, stopping.signal]);
    try {
      for await (const event of events(over)) send(format(event));
    } catch (error) {
      if (over.aborted) send(format(farewell));
      else {
        const requestId = c.get('requestId');
        this.#logger.error({ err: error, requestId }, 'a stream of events failed');
        send(format({ event: 'error', data: { code: 'internal', detail: 'The stream failed.', requestId } }));
      }
    } finally {
      clearInterval(look);
      clearInterval(alive);
      if (!left.signal.aborted) controller.close();
    }
  }
}

function format({ event, data }: ServerEvent): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
