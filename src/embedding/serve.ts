import { parentPort } from 'node:worker_threads';
import type { FromWorker, ToWorker } from './protocol.ts';

/** What a worker can do once it has loaded. */
export interface Service<Request, Reply, Info> {
  readonly info: Info;
  answer(request: Request): Reply | Promise<Reply>;
}

/**
 * The worker's side of a `WorkerLink`: loads, says `ready`, answers one request after the other, in order, and lets
 * the thread end when it is told to.
 *
 * While loading no customer's text is present, so a failure may say why; afterwards only the error's name leaves.
 */
export async function serve<Request, Reply, Info>(load: () => Promise<Service<Request, Reply, Info>>): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('This file is started as a worker thread.');
  const say = (message: FromWorker<Reply, Info>) => port.postMessage(message);

  let service: Service<Request, Reply, Info>;
  try {
    service = await load();
  } catch (error) {
    say({ kind: 'not_loaded', reason: error instanceof Error ? error.message : 'unknown' });
    port.close();
    return;
  }

  const answer = async (message: ToWorker<Request>) => {
    if (message === null) {
      port.close();
      return;
    }
    const { id, request } = message;
    try {
      say({ kind: 'done', id, reply: await service.answer(request) });
    } catch (error) {
      say({ kind: 'failed', id, errorName: error instanceof Error ? error.name : 'unknown' });
    }
  };
  let last = Promise.resolve();
  port.on('message', (message: ToWorker<Request>) => {
    last = last.then(() => answer(message));
  });
  say({ kind: 'ready', info: service.info });
}
