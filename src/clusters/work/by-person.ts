import type { Context } from '../../context.ts';
import type { Actor } from '../../feedback/actor.ts';
import { safeName } from '../../feedback/safe-name.ts';
import { redact } from '../../triage/redact.ts';

/** A change of clusters that somebody asked for. */
export interface Occasion {
  readonly actor: Actor;
  /** Who, when the caller speaks for several; a name that is personal data is a pseudonym. */
  readonly person: string | null;
  readonly at: Date;
}

export function occasionOf(
  { vault, now }: Pick<Context, 'vault' | 'now'>,
  actor: Actor,
  by: string | undefined,
): Occasion {
  return { actor, person: by === undefined ? null : safeName(vault, by), at: now() };
}

/** What people write for colleagues, personal data masked. */
export function masked(text: string): string {
  return redact(text).masked.text;
}
