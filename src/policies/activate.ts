import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import type { Actor } from '../feedback/actor.ts';
import { adoptPolicies, loadVersion } from './adopt.ts';
import { getDocument, getPolicyVersion } from './get.ts';
import type { PolicyKind } from './kinds.ts';
import { tell } from './publish.ts';
import { lockInForce, type PolicyVersion, setInForce } from './versions.ts';

/** Names what came with the program in place of a version; its successors follow by themselves. */
export const SHIPPED = 'shipped';

/**
 * Puts a kept version in force, here at once and on other replicas within seconds: a step back, or forth again. It
 * stays until another is chosen; `shipped` goes back to what comes with the program, now and after every upgrade.
 *
 * @throws AppError `not_found`, or `conflict` when it was made for another taxonomy or by a newer program
 */
export async function activatePolicy(
  context: Context,
  kind: PolicyKind,
  name: string,
  actor: Actor,
): Promise<PolicyVersion> {
  const { database, policy, now } = context;
  const version = name === SHIPPED ? policy.shipped.versions[kind] : name;
  await getDocument(context, kind, version);
  if ((await loadVersion(context, kind, version)) === undefined)
    throw new AppError(
      'conflict',
      'This version names what the taxonomy of today does not know, or was made by a newer program. Publish a new one.',
    );
  const at = now();
  await database.kysely.transaction().execute(async (tx) => {
    const before = await lockInForce(tx, kind);
    await setInForce(tx, kind, version, { at, pinned: name !== SHIPPED });
    await tell(tx, { kind, what: 'activated', version, before, note: null, at, actor });
  });
  await adoptPolicies(context);
  return await getPolicyVersion(context, kind, version);
}
