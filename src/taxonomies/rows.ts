import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Tables } from '../db/tables.ts';
import type { TaxonomyTable } from '../db/version-tables.ts';
import { AppError } from '../errors.ts';
import { findRun, taxonomyRun } from '../learning/training-run.ts';
import { type Definition, definitionSchema } from './definition.ts';
import { type Report, reportSchema, type TaxonomySummary, taxonomySummarySchema } from './view.ts';

type Db = Kysely<Tables> | Transaction<Tables>;

const SUMMARY = ['name', 'version', 'status', 'trained_version', 'report', 'updated_at'] as const;
type SummaryRow = Pick<Selectable<TaxonomyTable>, (typeof SUMMARY)[number]>;

/** By name. */
export async function listSummaries(db: Db): Promise<TaxonomySummary[]> {
  const rows = await db.selectFrom('taxonomy').select(SUMMARY).orderBy('name').execute();
  const summaries: TaxonomySummary[] = [];
  for (const row of rows) summaries.push(await toSummary(db, row));
  return summaries;
}

export async function findSummary(db: Db, name: string): Promise<TaxonomySummary | undefined> {
  const row = await db.selectFrom('taxonomy').select(SUMMARY).where('name', '=', name).executeTakeFirst();
  return row && (await toSummary(db, row));
}

/** A version with the definition that it is the hash of. */
export interface DefinedVersion {
  readonly version: string;
  readonly definition: Definition;
  readonly report: Report;
}

export async function findDefinition(db: Db, name: string): Promise<DefinedVersion | undefined> {
  const row = await db
    .selectFrom('taxonomy')
    .select(['version', 'definition', 'report'])
    .where('name', '=', name)
    .executeTakeFirst();
  return (
    row && {
      version: row.version,
      definition: definitionSchema.parse(row.definition),
      report: reportSchema.parse(row.report),
    }
  );
}

/** The error for a name that no taxonomy has. */
export function thereIsNone(): AppError {
  return new AppError('not_found', 'There is no taxonomy of this name. GET /v1/taxonomies lists those there are.');
}

async function toSummary(db: Db, { trained_version: answering, updated_at, ...row }: SummaryRow) {
  const run = row.status === 'training' ? await findRun(db, taxonomyRun(row.name)) : undefined;
  const progress = run?.step ?? null;
  return taxonomySummarySchema.parse({ ...row, answering, progress, updated_at: updated_at.toISOString() });
}
