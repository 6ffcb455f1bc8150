import type { Engine } from '../context.ts';
import { decideWith, type Message, predictFor } from '../feedback/decide.ts';
import type { Policy } from '../policy.ts';
import type { Decision } from '../triage/decision.ts';
import type { Settled } from '../triage/settled.ts';
import { findChange, type RuleChange } from './changes.ts';

/** A message as two policies decide about it. */
export interface Compared {
  readonly before: Decision;
  readonly after: Decision;
  readonly change: RuleChange | undefined;
}

/** Decides about a message by two policies; the heads are asked once. `settled`: what people decided stands in both. */
export function compareOn(
  engine: Pick<Engine, 'config' | 'encoder' | 'learned'>,
  { from, to }: { readonly from: Policy; readonly to: Policy },
  message: Message,
  settled?: Settled,
): Compared {
  const earlier = { ...engine, policy: { current: from } };
  const prediction = predictFor(earlier, message);
  const before = decideWith(earlier, message, prediction, settled);
  const after = decideWith({ ...engine, policy: { current: to } }, message, prediction, settled);
  return { before, after, change: findChange(before, after) };
}
