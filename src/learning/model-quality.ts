import { sql } from 'kysely';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { driftSchema, measureDrift } from './drift.ts';
import { measureMembers, memberQualitySchema } from './member-quality.ts';
import { share, shareSchema } from './metrics.ts';

const byKind = z.record(z.string(), shareSchema);

export const modelQualitySchema = z.object({
  version: z.string().describe('The version in force.'),
  override_rate: shareSchema.describe(
    'Of all reviewed items, the share whose type people changed; with a 95 % interval.',
  ),
  by_type: byKind.describe('By the type that the machine gave.'),
  by_language: byKind,
  confident_error: shareSchema.describe(
    'Estimate from the random items: share of decisions that asked for nobody and were wrong in type.',
  ),
  confident_error_by_type: byKind.describe('The same by the type that the machine gave.'),
  confident_error_by_language: byKind,
  topics: memberQualitySchema,
  risk_flags: memberQualitySchema,
  drift: driftSchema,
});
export type ModelQuality = z.infer<typeof modelQualitySchema>;

/** How the machine does by the word of people, and how what it sees has changed. */
export async function getModelQuality(context: Context): Promise<ModelQuality> {
  const db = context.database.kysely;
  const [reviews, drift, topics, flags] = await Promise.all([
    countReviews(context),
    measureDrift(db, context.now()),
    measureMembers(db, 'topics'),
    measureMembers(db, 'risk_flags'),
  ]);
  const sure = reviews.filter(({ isSure }) => isSure);
  return {
    version: context.learned.version,
    override_rate: overridden(reviews),
    by_type: overriddenBy(reviews, 'type'),
    by_language: overriddenBy(reviews, 'language'),
    confident_error: overridden(sure),
    confident_error_by_type: overriddenBy(sure, 'type'),
    confident_error_by_language: overriddenBy(sure, 'language'),
    topics,
    risk_flags: flags,
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

function overridden(part: readonly Reviews[]) {
  const count = (some: readonly Reviews[]) => some.reduce((sum, { n }) => sum + n, 0);
  return share(count(part.filter(({ isWrong }) => isWrong)), count(part));
}

function overriddenBy(reviews: readonly Reviews[], key: 'type' | 'language') {
  const values = [...new Set(reviews.map((review) => review[key]))].sort();
  return Object.fromEntries(values.map((value) => [value, overridden(reviews.filter((one) => one[key] === value))]));
}
