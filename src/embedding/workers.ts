import { spawnWorker } from '../worker-file.ts';
import { type StartLink, WorkerLink } from './link.ts';
import type { EmbedReply, EmbedRequest, ModelSource, SessionInfo, TokenizeRequest, Tokens } from './protocol.ts';

/** The one thread that holds the tokenizer. */
export function tokenizerWorker(source: ModelSource): StartLink<TokenizeRequest, Tokens, null> {
  return (events) => {
    const options = { name: 'encoder-tokenizer', workerData: source };
    return new WorkerLink(spawnWorker('tokenizer-worker', import.meta.url, options), events);
  };
}

/** A thread that holds one session of the model, and no tokenizer. */
export function sessionWorker(source: ModelSource): StartLink<EmbedRequest, EmbedReply, SessionInfo> {
  return (events) => {
    const options = { name: 'encoder-session', workerData: source };
    return new WorkerLink(spawnWorker('session-worker', import.meta.url, options), events);
  };
}
