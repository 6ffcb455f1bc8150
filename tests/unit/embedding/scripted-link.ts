import { type Link, type LinkEvents, RequestFailed, type StartLink, WorkerGone } from '../../../src/embedding/link.ts';

interface Open<Request, Reply> {
  readonly request: Request;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/** A worker whose every step the test decides. */
export class ScriptedLink<Request, Reply, Info> implements Link<Request, Reply> {
  readonly open: Open<Request, Reply>[] = [];
  readonly events: LinkEvents<Info>;
  readonly #automatic: ((request: Request) => Reply) | undefined;
  stopped = false;

  constructor(events: LinkEvents<Info>, automatic: ((request: Request) => Reply) | undefined) {
    this.events = events;
    this.#automatic = automatic;
  }

  async send(request: Request): Promise<Reply> {
    if (this.#automatic !== undefined) return this.#automatic(request);
    return new Promise((resolve, reject) => {
      this.open.push({ request, resolve, reject });
    });
  }

  async stop(): Promise<void> {
    this.stopped = true;
  }

  /** Answers the oldest request. */
  answer(reply: Reply): void {
    this.#oldest().resolve(reply);
  }

  /** Fails the oldest request; the worker lives on. */
  refuse(): void {
    this.#oldest().reject(new RequestFailed('Error'));
  }

  die(reason = 'crashed'): void {
    for (const [index, { reject }] of this.open.entries()) reject(new WorkerGone(reason, index === 0));
    this.open.length = 0;
    this.events.gone(reason);
  }

  #oldest(): Open<Request, Reply> {
    const oldest = this.open.shift();
    if (oldest === undefined) throw new Error('The worker has no request.');
    return oldest;
  }
}

/** Hands out scripted links and keeps all it ever started; `automatic` answers every request at once. */
export function scriptedWorkers<Request, Reply, Info>(
  automatic?: (request: Request) => Reply,
): {
  readonly started: ScriptedLink<Request, Reply, Info>[];
  readonly start: StartLink<Request, Reply, Info>;
} {
  const started: ScriptedLink<Request, Reply, Info>[] = [];
  return {
    started,
    start: (events) => {
      const link = new ScriptedLink<Request, Reply, Info>(events, automatic);
      started.push(link);
      return link;
    },
  };
}
