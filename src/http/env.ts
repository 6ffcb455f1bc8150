import type { Actor } from '../feedback/actor.ts';

/** What the process is doing: `starting` until model and database are there, `draining` from SIGTERM on. */
export type Phase = 'starting' | 'ready' | 'draining';

export interface Serving {
  readonly phase: Phase;
}

/** What middleware leaves for handlers. */
export interface HttpEnv {
  Variables: { requestId: string; serving: Serving; actor: Actor };
}
