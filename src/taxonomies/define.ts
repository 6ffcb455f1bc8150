import { sql, type Transaction } from 'kysely';
import type { Context } from '../context.ts';
import type { Tables } from '../db/tables.ts';
import { AppError } from '../errors.ts';
import type { Actor } from '../feedback/actor.ts';
import { recordChange } from '../feedback/record-change.ts';
import { DEFAULT_TAXONOMY, type Definition, maskDefinition, versionOf } from './definition.ts';
import { findSummary, thereIsNone } from './rows.ts';
import type { Report, TaxonomySummary } from './view.ts';
import { findWarnings } from './warnings.ts';

/** Taxonomies of one installation. */
const MAX_TAXONOMIES = 100;

export interface Defined {
  readonly summary: TaxonomySummary;
  readonly changed: boolean;
}

export interface DefineRun {
  /** Ends the masking; what is kept by then stays. */
  readonly signal?: AbortSignal;
  /** Called in the transaction when the version waits for its training: what it asks for comes true with it. */
  onAwaited?(tx: Transaction<Tables>): Promise<void>;
}

/**
 * Keeps a definition under a name, in place of an earlier one, whose classifier goes on answering until the new one is
 * trained. The same definition again changes nothing, except that a training that failed is to be tried again.
 *
 * @throws AppError `conflict` for the name of the shipped taxonomy, or when there are too many
 */
export async function defineTaxonomy(
  { database, now }: Context,
  name: string,
  sent: Definition,
  actor: Actor,
  run: DefineRun = {},
): Promise<Defined> {
  refuseDefault(name, 'replaced');
  const definition = await maskDefinition(sent, run.signal);
  const version = versionOf(definition);
  const at = now();
  return await database.kysely.transaction().execute(async (tx) => {
    // Two requests for one name come after one another, also where there is no row yet that they could wait for.
    await sql`select pg_advisory_xact_lock(hashtext('taxonomy'))`.execute(tx);
    const before = await findSummary(tx, name);
    if (before?.version === version && before.status !== 'failed') {
      if (before.status === 'training') await run.onAwaited?.(tx);
      return { summary: before, changed: false };
    }
    if (before === undefined) await refuseTooMany(tx);
    const row = {
      version,
      definition: JSON.stringify(definition),
      retired: definition.labels.filter(({ retired }) => retired).map(({ key }) => key),
      status: 'training',
      report: JSON.stringify(describe(definition)),
      updated_at: at,
    };
    await tx
      .insertInto('taxonomy')
      .values({ name, ...row, created_at: at })
      .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
      .execute();
    const change = { name, version, before: before?.version ?? null };
    await recordChange(tx, { at, actor, action: 'taxonomy.defined', subjectKind: 'taxonomy', subjectId: name, change });
    const summary = await findSummary(tx, name);
    if (summary === undefined) throw thereIsNone();
    await run.onAwaited?.(tx);
    return { summary, changed: true };
  });
}

/** @throws AppError `conflict` */
export function refuseDefault(name: string, what: string): void {
  if (name !== DEFAULT_TAXONOMY) return;
  throw new AppError(
    'conflict',
    `The taxonomy "default" is shipped with the service and cannot be ${what}: rules, deadlines and routing name its labels. Use another name.`,
  );
}

async function refuseTooMany(tx: Parameters<typeof findSummary>[0]): Promise<void> {
  const { n } = await tx
    .selectFrom('taxonomy')
    .select((row) => row.fn.countAll<string>().as('n'))
    .executeTakeFirstOrThrow();
  if (Number(n) >= MAX_TAXONOMIES)
    throw new AppError('conflict', `There are ${MAX_TAXONOMIES} taxonomies already. Delete one that is not needed.`);
}

function describe(definition: Definition): Report {
  const used = definition.labels.filter(({ retired }) => !retired);
  return {
    labels: used.length,
    retired: definition.labels.length - used.length,
    examples: used.reduce((sum, { examples }) => sum + examples.length, 0),
    warnings: findWarnings(definition),
    training: null,
    failure: null,
  };
}
