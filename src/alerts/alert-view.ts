import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { AlertTable } from '../db/cluster-tables.ts';
import { bilingualSchema } from '../triage/taxonomy.ts';

const instant = z.iso.datetime();

export const alertSchema = z
  .object({
    id: z.uuid(),
    kind: z.string().describe('`burst`: far more people than usual at one time.'),
    about: z.enum(['all', 'topic', 'cluster']).describe('What came in too often: everything, a topic, or a cluster.'),
    cluster: z.object({ id: z.uuid(), title: bilingualSchema }).nullable(),
    topic: z.string().nullable(),
    group_id: z.uuid().describe('The same for alerts of one event; the id of the first of them.'),
    started_at: instant.describe('When the first of these people wrote.'),
    opened_at: instant.describe('When it was seen to be a burst.'),
    closed_at: instant.nullable(),
    peak: z.int().describe('Most people in one hour.'),
    expected: z.number().describe('Those who were to be expected then.'),
    acknowledged_at: instant.nullable().describe('When somebody said that they look after it.'),
    acknowledged_by: z.string().nullable().describe('Who, as they called themselves.'),
    note: z.string().nullable().describe('What they said, personal data masked.'),
  })
  .meta({ id: 'Alert' });
export type AlertView = z.infer<typeof alertSchema>;

/** A row of `alert`, with the titles of its cluster, as the API shows it. */
export function toAlertView(
  row: Selectable<AlertTable> & { readonly title_zh: string | null; readonly title_en: string | null },
): AlertView {
  const time = (at: Date | null) => at?.toISOString() ?? null;
  return alertSchema.parse({
    ...row,
    about: row.cluster_id !== null ? 'cluster' : row.topic !== null ? 'topic' : 'all',
    cluster: row.cluster_id === null ? null : { id: row.cluster_id, title: { zh: row.title_zh, en: row.title_en } },
    started_at: row.started_at.toISOString(),
    opened_at: row.opened_at.toISOString(),
    closed_at: time(row.closed_at),
    acknowledged_at: time(row.acknowledged_at),
    acknowledged_by: row.acknowledged_person,
    note: row.acknowledged_note,
  });
}
