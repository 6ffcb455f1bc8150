import type { Context } from '../../src/context.ts';
import { PolicyInForce } from '../../src/policies/policy-in-force.ts';
import { openSla, type Sla } from '../../src/triage/sla.ts';
import { type SlaPolicy, slaSchema } from '../../src/triage/sla-policy.ts';

export const NINE_TO_SIX = { mon: [['09:00', '18:00']], tue: [['09:00', '18:00']], wed: [['09:00', '18:00']] };

/** A policy as it would be written, with the same promise for every priority unless `changes` says otherwise. */
export function makePolicy(changes: Record<string, unknown> = {}): SlaPolicy {
  const promise = {
    first_response: { duration: '1h', calendar: 'always' },
    resolution: { duration: '2d', calendar: 'office' },
    warn_before: 0.25,
  };
  return slaSchema.parse({
    version: 'test',
    calendars: [
      {
        name: 'always',
        label: { zh: '全天候', en: 'Round the clock' },
        hours: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, 'all_day'])),
      },
      { name: 'office', label: { zh: '办公', en: 'Office' }, time_zone: 'Asia/Shanghai', hours: NINE_TO_SIX },
    ],
    priorities: { P1: promise, P2: promise, P3: promise, P4: promise },
    ...changes,
  });
}

export function makeSla(changes: Record<string, unknown> = {}): Sla {
  return openSla(makePolicy(changes), 'Asia/Shanghai');
}

/** The context under another policy of deadlines; everything else of it is the same. */
export function withSla(context: Context, sla: SlaPolicy): Context {
  const policy = new PolicyInForce({ ...context.policy.current, sla });
  return { ...context, policy };
}
