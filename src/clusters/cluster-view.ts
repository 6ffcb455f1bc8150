import { z } from 'zod';
import { ISSUE_STATUSES } from '../db/cluster-tables.ts';
import { bilingualSchema } from '../triage/taxonomy.ts';
import { TREND_STATES } from './trend/trend.ts';
import type { ClusterRow } from './work/change-cluster.ts';

const instant = z.iso.datetime();
const counts = (what: string) => z.record(z.string(), z.int()).describe(what);
const namer = z.enum(['person', 'machine']);

export const clusterSchema = z
  .object({
    id: z.uuid().describe('Stays the same from one reclustering to the next.'),
    title: bilingualSchema,
    named_by: z.object({ zh: namer, en: namer }).describe('A title that a person gave is never changed by a machine.'),
    phrases: z
      .object({ zh: z.array(z.string()), en: z.array(z.string()) })
      .describe('What tells it from others, best first.'),
    status: z.enum(ISSUE_STATUSES).nullable().describe('Null while it is no known issue.'),
    note: z.string().nullable().describe('About the known issue, personal data masked.'),
    fixed_in: z.string().nullable().describe('The version, or what else tells where it is fixed.'),
    fixed_at: instant.nullable(),
    regressed_at: instant.nullable().describe('When it was reported again after the fix; null until then.'),
    owner: z.string().nullable(),
    ticket: z.string().nullable().describe('Key or address of a ticket elsewhere.'),
    items: z.int(),
    customers: z.int().describe('Distinct ones; an item of nobody known counts as one more.'),
    first_seen_at: instant,
    last_seen_at: instant,
    impact: z
      .object({
        score: z.number().describe('0 to 100.'),
        parts: z.record(z.string(), z.number()).describe('Points for customers, severity, money, tier, trend, age.'),
      })
      .describe('How much it matters.'),
    trend: z
      .object({
        state: z.enum(TREND_STATES),
        growth: z.number().describe('Customers per day of the last week against the four weeks before.'),
        low: z.number().describe('Lower end of the growth’s 90 % interval.'),
        high: z.number().nullable().describe('Upper end; null where it has none.'),
        recent: z.int().describe('Customers of the last week, counted by day.'),
        usual: z.number().describe('Customers per week before.'),
      })
      .describe('How it moves against its own past.'),
    languages: counts('Items by language.'),
    channels: counts('Items by channel.'),
    types: counts('Items by type.'),
    topics: counts('Items by their first topic.'),
    priorities: counts('Items by priority.'),
    tiers: counts('Items by the tier of their customer, where one is known.'),
    money_at_risk_usd: z.number().describe('Sums named by customers whose own money is at risk, each once.'),
    figures_at: instant.nullable().describe('When trend, impact and counts were last worked out.'),
    created_at: instant,
    updated_at: instant,
    retired_at: instant.nullable().describe('When it ended: merged into another one, or nobody was left in it.'),
    version: z.int().describe('Grows with every change by a person or a reclustering.'),
  })
  .meta({ id: 'Cluster' });
export type ClusterView = z.infer<typeof clusterSchema>;

const kept = z.record(z.string(), z.int()).default({});
/** What `refresh-figures.ts` keeps with a cluster; nothing before it was there for the first time. */
const figuresSchema = z.object({
  impact: z.record(z.string(), z.number()).default({}),
  growth: z
    .object({ low: z.number(), high: z.number().nullable(), recent: z.int(), usual: z.number() })
    .default({ low: 0, high: null, recent: 0, usual: 0 }),
  moneyUsd: z.number().default(0),
  languages: kept,
  channels: kept,
  types: kept,
  topics: kept,
  priorities: kept,
  tiers: kept,
});

/** A row of `cluster` as the API shows it. */
export function toClusterView(row: ClusterRow): ClusterView {
  const { growth, impact, moneyUsd, ...counted } = figuresSchema.parse(row.figures);
  const namedBy = (language: string) => (row.named_by_person.includes(language) ? 'person' : 'machine');
  const time = (at: Date | null) => at?.toISOString() ?? null;
  return clusterSchema.parse({
    ...row,
    ...counted,
    title: { zh: row.title_zh, en: row.title_en },
    named_by: { zh: namedBy('zh'), en: namedBy('en') },
    status: row.issue_status,
    note: row.issue_note,
    impact: { score: row.impact, parts: impact },
    trend: { state: row.trend, growth: row.growth, ...growth },
    money_at_risk_usd: moneyUsd,
    fixed_at: time(row.fixed_at),
    regressed_at: time(row.regressed_at),
    first_seen_at: row.first_seen_at.toISOString(),
    last_seen_at: row.last_seen_at.toISOString(),
    figures_at: time(row.figures_at),
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    retired_at: time(row.retired_at),
  });
}
