import type { Context } from '../context.ts';
import type { FieldError } from '../errors.ts';
import { checkTogether } from './check-together.ts';
import { contentVersion } from './content-version.ts';
import { KINDS, type PolicyKind, type PolicyParts, type ReadDocument } from './kinds.ts';

/** A document made ready, or all that stands in the way: by itself, and beside the documents of other kinds in force. */
export function readPolicy(
  { policy }: Pick<Context, 'policy'>,
  kind: PolicyKind,
  document: unknown,
): ReadDocument<Partial<PolicyParts>> {
  const read: ReadDocument<Partial<PolicyParts>> = KINDS[kind](document, policy.taxonomy);
  if (read.parts === undefined) return read;
  const problems = checkTogether(read.parts, policy);
  return problems.length > 0 ? { problems } : read;
}

/** What publishing a document would say. Nothing is kept. */
export function validatePolicy(
  context: Pick<Context, 'policy'>,
  kind: PolicyKind,
  document: unknown,
): { readonly version: string; readonly problems: readonly FieldError[] } {
  return { version: contentVersion(document), problems: readPolicy(context, kind, document).problems ?? [] };
}
