import { z } from 'zod';
import type { Context } from '../context.ts';
import { decodeCursor, toPage } from '../db/paginate.ts';
import { actorSchema } from '../feedback/actor.ts';
import { pageQuerySchema } from '../feedback/page-query.ts';
import { bilingualSchema } from '../triage/taxonomy.ts';

const KINDS = ['new', 'gone', 'split_from', 'merged_into'] as const;
const named = z.object({ id: z.uuid(), title: bilingualSchema });

export const lineageSchema = z
  .object({
    id: z.uuid(),
    at: z.iso.datetime(),
    kind: z.enum(KINDS).describe('`split_from` and `merged_into` read from `cluster` to `other`.'),
    cluster: named,
    other: named.nullable(),
    items: z.int().nullable().describe('Items that both had, or that it began with.'),
    run_id: z.uuid().nullable().describe('The reclustering that did it; null for people and arrivals.'),
    actor: actorSchema,
  })
  .meta({ id: 'ClusterLineage' });
export type LineageEntry = z.infer<typeof lineageSchema>;

export const lineageQuerySchema = z.strictObject({
  cluster: z.uuid().optional().describe('Only what concerns this cluster, on either side.'),
  kind: z.enum(KINDS).optional().describe('What became of it.').meta({ example: 'split_from' }),
  ...pageQuerySchema.shape,
});

/** What became of clusters, the newest first. */
export async function listLineage(
  { database: { kysely } }: Pick<Context, 'database'>,
  { cluster, kind, limit, cursor }: z.infer<typeof lineageQuerySchema>,
): Promise<{ items: LineageEntry[]; next_cursor: string | null }> {
  let rows = kysely
    .selectFrom('cluster_lineage as l')
    .innerJoin('cluster as c', 'c.id', 'l.cluster_id')
    .leftJoin('cluster as o', 'o.id', 'l.other_id')
    .selectAll('l')
    .select(['c.title_zh', 'c.title_en', 'o.title_zh as other_zh', 'o.title_en as other_en']);
  if (cluster !== undefined)
    rows = rows.where((is) => is.or([is('l.cluster_id', '=', cluster), is('l.other_id', '=', cluster)]));
  if (kind !== undefined) rows = rows.where('l.kind', '=', kind);
  if (cursor !== undefined) rows = rows.where('l.id', '<', decodeCursor('uuid', cursor));
  const found = await rows
    .orderBy('l.id', 'desc')
    .limit(limit + 1)
    .execute();
  const page = toPage(found, limit, 'uuid', (row) => row.id);
  const items = page.items.map((row) =>
    lineageSchema.parse({
      ...row,
      at: row.at.toISOString(),
      cluster: { id: row.cluster_id, title: { zh: row.title_zh, en: row.title_en } },
      other: row.other_id === null ? null : { id: row.other_id, title: { zh: row.other_zh, en: row.other_en } },
    }),
  );
  return { items, next_cursor: page.nextCursor };
}
