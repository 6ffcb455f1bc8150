import { type Kysely, type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Tables } from '../db/tables.ts';

const DAY_MS = 86_400_000;
const RECENT_DAYS = 7;
const BEFORE_DAYS = 28;
/** Keeps the index finite where a label is missing in one of the two periods. */
const LEAST_SHARE = 0.001;
/** Stands for items without any topic or flag, so that their share counts in the mix. */
const NONE = '';

const periodSchema = z.object({ now: z.number(), before: z.number() });
const index = z.number().describe('Above 0.1 the mix has shifted, above 0.25 a lot.');
const membersSchema = z.object({
  population_stability_index: index,
  labels: z.record(z.string(), periodSchema).describe('Share of the items that have it.'),
});

export const driftSchema = z
  .record(
    z.string(),
    z.object({
      items: z.int(),
      population_stability_index: index.describe('Of types: above 0.1 the mix has shifted, above 0.25 a lot.'),
      types: z.record(z.string(), periodSchema).describe('Share of each type.'),
      topics: membersSchema,
      risk_flags: membersSchema,
    }),
  )
  .describe(`By language: the last ${RECENT_DAYS} days beside the ${BEFORE_DAYS} before.`);
export type Drift = z.infer<typeof driftSchema>;

/** How often a label was given, of the items of one language. */
interface Given {
  readonly language: string;
  readonly label: string;
  readonly recent: boolean;
  readonly n: number;
}

/** How the mix of types, topics and flags has shifted, per language. */
export async function measureDrift(db: Kysely<Tables>, now: Date): Promise<Drift> {
  const recent = new Date(now.getTime() - RECENT_DAYS * DAY_MS);
  const count = (list: RawBuilder<unknown>) => countGiven(db, list, recent);
  const types = await count(sql`array[type]`);
  const topics = await count(orNone('topics'));
  const flags = await count(orNone('risk_flags'));
  return Object.fromEntries(
    [...new Set(types.map(({ language }) => language))].sort().map((language) => {
      const of = (given: readonly Given[]) => given.filter((row) => row.language === language);
      const items = { now: sum(of(types), true), before: sum(of(types), false) };
      const { population_stability_index, labels } = compare(of(types), items);
      return [
        language,
        {
          items: items.now,
          population_stability_index,
          types: labels,
          topics: compare(of(topics), items),
          risk_flags: compare(of(flags), items),
        },
      ];
    }),
  );
}

function orNone(column: 'topics' | 'risk_flags') {
  const list = sql.ref(column);
  return sql`case when cardinality(${list}) = 0 then array[${sql.lit(NONE)}] else ${list} end`;
}

async function countGiven(db: Kysely<Tables>, list: RawBuilder<unknown>, recent: Date): Promise<Given[]> {
  const begin = new Date(recent.getTime() - BEFORE_DAYS * DAY_MS);
  const { rows } = await sql<Omit<Given, 'n'> & { n: string }>`
    select language, label, received_at >= ${recent} as recent, count(*) as n
    from feedback cross join lateral unnest(${list}) as label
    where received_at >= ${begin}
    group by 1, 2, 3`.execute(db);
  return rows.map((row) => ({ ...row, n: Number(row.n) }));
}

/** Shares are of items; the index is of the mix of all labels that were given, "none" among them. */
function compare(given: readonly Given[], items: { readonly now: number; readonly before: number }) {
  const keys = [...new Set(given.map(({ label }) => label))].sort();
  const among = (total: { now: number; before: number }, label: string) => {
    const own = given.filter((row) => row.label === label);
    return { now: sum(own, true) / Math.max(1, total.now), before: sum(own, false) / Math.max(1, total.before) };
  };
  const all = { now: sum(given, true), before: sum(given, false) };
  const isComparable = all.now > 0 && all.before > 0;
  return {
    population_stability_index: isComparable ? stabilityIndex(keys.map((label) => among(all, label))) : 0,
    labels: Object.fromEntries(keys.filter((label) => label !== NONE).map((label) => [label, among(items, label)])),
  };
}

function sum(given: readonly Given[], isRecent: boolean): number {
  return given.filter(({ recent }) => recent === isRecent).reduce((total, { n }) => total + n, 0);
}

/** Population stability index: Σ (now − before) · ln(now ÷ before). */
function stabilityIndex(parts: readonly { now: number; before: number }[]): number {
  return parts.reduce((total, { now, before }) => {
    const [a, b] = [Math.max(now, LEAST_SHARE), Math.max(before, LEAST_SHARE)];
    return total + (a - b) * Math.log(a / b);
  }, 0);
}
