import { type SqlBool, sql } from 'kysely';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { share } from './metrics.ts';

const DAY_MS = 86_400_000;
const RECENT_DAYS = 7;
const BEFORE_DAYS = 28;
/** Keeps the index finite where a label is missing in one of the two periods. */
const LEAST_SHARE = 0.001;

const shareSchema = z.object({ value: z.number(), low: z.number(), high: z.number(), n: z.int() });
const periodSchema = z.object({ now: z.number(), before: z.number() });

export const modelQualitySchema = z.object({
  version: z.string().describe('The version in force.'),
  override_rate: shareSchema.describe(
    'Of all reviewed items, the share whose type people changed; with a 95 % interval.',
  ),
  by_type: z.record(z.string(), shareSchema).describe('By the type that the machine gave.'),
  by_language: z.record(z.string(), shareSchema),
  confident_error: shareSchema.describe(
    'Estimate from the random items: share of decisions that asked for nobody and were wrong in type.',
  ),
  drift: z
    .record(
      z.string(),
      z.object({
        items: z.int(),
        population_stability_index: z.number().describe('Above 0.1 the mix of types has shifted, above 0.25 a lot.'),
        types: z.record(z.string(), periodSchema).describe('Share of each type.'),
      }),
    )
    .describe(`By language: the last ${RECENT_DAYS} days beside the ${BEFORE_DAYS} before.`),
});
export type ModelQuality = z.infer<typeof modelQualitySchema>;

/** How the machine does by the word of people, and how what it sees has changed. */
export async function getModelQuality(context: Context): Promise<ModelQuality> {
  const [reviews, drift] = await Promise.all([countReviews(context), measureDrift(context)]);
  const count = (part: typeof reviews) => part.reduce((sum, { n }) => sum + n, 0);
  const overridden = (part: typeof reviews) => share(count(part.filter(({ isWrong }) => isWrong)), count(part));
  const by = (key: 'type' | 'language') =>
    Object.fromEntries(
      [...new Set(reviews.map((review) => review[key]))]
        .sort()
        .map((value) => [value, overridden(reviews.filter((review) => review[key] === value))]),
    );
  return {
    version: context.learned.version,
    override_rate: overridden(reviews),
    by_type: by('type'),
    by_language: by('language'),
    confident_error: overridden(reviews.filter(({ isSure }) => isSure)),
    drift,
  };
}

/** Reviewed items that are alike, and how many there are. */
interface Reviews {
  readonly type: string;
  readonly language: string;
  readonly isWrong: boolean;
  readonly isSure: boolean;
  readonly n: number;
}

/** The latest word of people beside the first decision, where that was the machine's own; counted by the database. */
async function countReviews({ database }: Context): Promise<Reviews[]> {
  const { rows } = await sql<{ type: string; language: string; wrong: boolean; sure: boolean; n: string }>`
    select first.decision -> 'type' ->> 'key' as type, feedback.language,
      first.decision -> 'type' ->> 'key' <> last.after ->> 'type' as wrong,
      feedback.review_sample and not (first.decision -> 'needs_review' ->> 'yes')::boolean as sure,
      count(*) as n
    from feedback
    join lateral (select decision from decision where feedback_id = feedback.id order by id limit 1) first on true
    join lateral (select after from correction where feedback_id = feedback.id order by seq desc limit 1) last on true
    where feedback.reviewed_at is not null and coalesce(first.decision -> 'settled', 'null') = 'null'
    group by 1, 2, 3, 4`.execute(database.kysely);
  return rows.map(({ wrong, sure, n, ...row }) => ({ ...row, isWrong: wrong, isSure: sure, n: Number(n) }));
}

async function measureDrift({ database, now }: Context): Promise<ModelQuality['drift']> {
  const recent = new Date(now().getTime() - RECENT_DAYS * DAY_MS);
  const begin = new Date(recent.getTime() - BEFORE_DAYS * DAY_MS);
  const rows = await database.kysely
    .selectFrom('feedback')
    .select(['language', 'type', sql<SqlBool>`received_at >= ${recent}`.as('recent')])
    .select((row) => row.fn.countAll<string>().as('n'))
    .where('received_at', '>=', begin)
    .groupBy(['language', 'type', 'recent'])
    .execute();
  const languages = [...new Set(rows.map(({ language }) => language))].sort();
  return Object.fromEntries(
    languages.map((language) => {
      const own = rows.filter((row) => row.language === language);
      const count = (isRecent: boolean, type?: string) =>
        own
          .filter((row) => Boolean(row.recent) === isRecent && (type === undefined || row.type === type))
          .reduce((sum, { n }) => sum + Number(n), 0);
      const part = (isRecent: boolean, type: string) => count(isRecent, type) / Math.max(1, count(isRecent));
      const types = Object.fromEntries(
        [...new Set(own.map(({ type }) => type))]
          .sort()
          .map((type) => [type, { now: part(true, type), before: part(false, type) }]),
      );
      const comparable = count(true) > 0 && count(false) > 0;
      return [
        language,
        {
          items: count(true),
          population_stability_index: comparable ? stabilityIndex(Object.values(types)) : 0,
          types,
        },
      ];
    }),
  );
}

/** Population stability index: Σ (now − before) · ln(now ÷ before). */
function stabilityIndex(parts: readonly { now: number; before: number }[]): number {
  return parts.reduce((sum, { now, before }) => {
    const [a, b] = [Math.max(now, LEAST_SHARE), Math.max(before, LEAST_SHARE)];
    return sum + (a - b) * Math.log(a / b);
  }, 0);
}
