import { parentPort } from 'node:worker_threads';
/**
 * The worker's side of a `WorkerLink`: loads, says `ready`, answers one request after the other, in order, and lets
 * the thread end when it is told to.
 *
 * While loading no customer's text is present, so a failure may say why; afterwards only the error's name leaves.
 */
export async function serve(load) {
    const port = parentPort;
    if (port === null)
        throw new Error('This file is started as a worker thread.');
    const say = (message) => port.postMessage(message);
    let service;
    try {
        service = await load();
    }
    catch (error) {
        say({ kind: 'not_loaded', reason: error instanceof Error ? error.message : 'unknown' });
        port.close();
        return;
    }
    const answer = async (message) => {
        if (message === null) {
            port.close();
            return;
        }
        const { id, request } = message;
        try {
            say({ kind: 'done', id, reply: await service.answer(request) });
        }
        catch (error) {
            say({ kind: 'failed', id, errorName: error instanceof Error ? error.name : 'unknown' });
        }
    };
    let last = Promise.resolve();
    port.on('message', (message) => {
        last = last.then(() => answer(message));
    });
    say({ kind: 'ready', info: service.info });
}
//# sourceMappingURL=serve.js.map