import type { z } from 'zod';
import type { FieldError } from './errors.ts';

const MAX_POINTER_PART = 100;

/** One entry per problem that a schema has with a value, each with the JSON Pointer (RFC 6901) to the field. */
export function fieldErrorsOf(error: z.ZodError, prefix = ''): FieldError[] {
  return error.issues.flatMap((issue) => fieldErrors(issue, prefix));
}

function fieldErrors(issue: z.core.$ZodIssue, prefix: string): FieldError[] {
  const pointer = prefix + issue.path.map(pointerPart).join('');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ pointer: pointer + pointerPart(key), message: 'is not a known field' }));
  }
  if (issue.code === 'invalid_key') return [{ pointer, message: issue.issues[0]?.message ?? issue.message }];
  return [{ pointer, message: issue.message }];
}

/** One step of a pointer, cut where a sender's own name is too long to repeat. */
export function pointerPart(part: PropertyKey): string {
  return `/${String(part).slice(0, MAX_POINTER_PART).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
