import type { Actor } from '../feedback/actor.ts';

/** What middleware leaves for handlers. */
export interface HttpEnv {
  Variables: { requestId: string; actor: Actor };
}
