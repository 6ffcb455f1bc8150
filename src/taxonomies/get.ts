import type { Context } from '../context.ts';
import type { Policy } from '../policy.ts';
import { DEFAULT_TAXONOMY } from './definition.ts';
import { findDefinition, findSummary, listSummaries, thereIsNone } from './rows.ts';
import type { DefaultTaxonomy, TaxonomyDetail, TaxonomySummary } from './view.ts';

type Source = Pick<Context, 'database' | 'policy'>;

/** The shipped one first, then the others by name. */
export async function listTaxonomies({ database, policy }: Source): Promise<TaxonomySummary[]> {
  return [defaultSummary(policy), ...(await listSummaries(database.kysely))];
}

/** @throws AppError `not_found` */
export async function getTaxonomy(
  { database, policy }: Source,
  name: string,
): Promise<TaxonomyDetail | DefaultTaxonomy> {
  if (name === DEFAULT_TAXONOMY) {
    const { types, topics, retired } = policy.taxonomy;
    return { ...defaultSummary(policy), types: [...types], topics: [...topics], retired_labels: [...retired] };
  }
  return await database.kysely.transaction().execute(async (tx) => {
    const [summary, defined] = [await findSummary(tx, name), await findDefinition(tx, name)];
    if (summary === undefined || defined === undefined) throw thereIsNone();
    return { ...summary, labels: defined.definition.labels };
  });
}

function defaultSummary({ taxonomy, seeds, versions }: Policy): TaxonomySummary {
  return {
    name: DEFAULT_TAXONOMY,
    version: versions.taxonomy,
    status: 'ready',
    answering: versions.taxonomy,
    progress: null,
    report: {
      labels: taxonomy.types.length + taxonomy.topics.length,
      retired: taxonomy.retired.length,
      examples: seeds.length,
      warnings: [],
      training: null,
      failure: null,
    },
    updated_at: null,
  };
}
