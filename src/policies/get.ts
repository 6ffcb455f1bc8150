import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import type { PolicyKind } from './kinds.ts';
import { findDocument, listPolicyVersions, type PolicyVersion } from './versions.ts';

type Reader = Pick<Context, 'database'>;

/** @throws AppError `not_found` */
export async function getPolicyVersion(
  { database }: Reader,
  kind: PolicyKind,
  version: string,
): Promise<PolicyVersion> {
  const found = (await listPolicyVersions(database.kysely, kind)).find((one) => one.version === version);
  if (found === undefined) throw thereIsNone(kind);
  return found;
}

/** The document of a version as it was written. @throws AppError `not_found` */
export async function getDocument({ database }: Reader, kind: PolicyKind, version: string): Promise<unknown> {
  const document = await findDocument(database.kysely, kind, version);
  if (document === undefined) throw thereIsNone(kind);
  return document;
}

export function thereIsNone(kind: PolicyKind): AppError {
  return new AppError('not_found', `There is no version of this name. GET /v1/${kind} lists those there are.`);
}
