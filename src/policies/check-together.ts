import type { FieldError } from '../errors.ts';
import { findUnknownQueues } from '../triage/sla-queues.ts';
import type { PolicyParts } from './kinds.ts';

/**
 * What a document breaks in those of other kinds that are in force: deadlines name queues, which routing must have.
 * Pointers are into the document that is checked.
 */
export function checkTogether(
  parts: Partial<PolicyParts>,
  inForce: Pick<PolicyParts, 'sla' | 'routing'>,
): FieldError[] {
  if (parts.sla !== undefined) return findUnknownQueues(parts.sla, inForce.routing);
  if (parts.routing === undefined) return [];
  return findUnknownQueues(inForce.sla, parts.routing).map(({ pointer, message }) => ({
    pointer: '/queues',
    message: `${message}, which the deadlines in force name at ${pointer}`,
  }));
}
