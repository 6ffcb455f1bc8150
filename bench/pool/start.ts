import type { Build } from '../build.ts';
import { Child } from '../child.ts';
import type { PoolReply, PoolRequest } from './protocol.ts';

/** The service's own encoder (tokenizer thread, session threads, queue, cache) in a process without the service. */
export function startPool(build: Build, sessions: number, signal: AbortSignal): Child<PoolRequest, PoolReply> {
  const modules = ['config', 'embedding/create'].map((name) => build.moduleUrl(name).href);
  return new Child(new URL('child.ts', import.meta.url), { args: [...modules, String(sessions)], signal });
}
