import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import type { Tables } from '../db/tables.ts';
import { type Share, share, shareSchema } from './metrics.ts';

export const memberQualitySchema = z
  .object({
    override_rate: shareSchema.describe(
      'Of the items whose list people gave or confirmed, the share where they changed it.',
    ),
    confident_error: shareSchema.describe('The same of the random items whose decision asked for nobody.'),
    by_language: z.record(
      z.string(),
      z.object({ override_rate: shareSchema, confident_error: shareSchema.describe('Of the random items.') }),
    ),
    by_label: z.record(
      z.string(),
      z.object({
        removed: shareSchema.describe('Of the items that the machine gave it to, the share that people took it from.'),
        added: shareSchema.describe('Of the items that have it by the word of people, the share where it was missed.'),
        confident_error: shareSchema.describe(
          'Of the random items that it was given to or belongs to, the share where it was wrong or missed.',
        ),
        by_language: z
          .record(z.string(), z.object({ removed: shareSchema, added: shareSchema }))
          .describe('The first two in each language.'),
      }),
    ),
  })
  .describe('Lists are compared without their order.');
export type MemberQuality = z.infer<typeof memberQualitySchema>;

/** Reviewed items that are alike: what the machine gave, what people say, and how many there are. */
interface Reviews {
  readonly language: string;
  readonly machine: readonly string[];
  readonly person: readonly string[];
  readonly isSure: boolean;
  readonly n: number;
}

/** How the machine does in labels of which an item has any number, by the word of people about just these. */
export async function measureMembers(db: Kysely<Tables>, group: 'topics' | 'risk_flags'): Promise<MemberQuality> {
  const reviews = await countReviews(db, group);
  const random = reviews.filter(({ isSure }) => isSure);
  const isChanged = ({ machine, person }: Reviews) => machine.join('\n') !== person.join('\n');
  const changed = (part: readonly Reviews[]) => rate(part, isChanged);
  const labels = new Set(reviews.flatMap(({ machine, person }) => [...machine, ...person]));
  const of = (part: readonly Reviews[], language: string) => part.filter((one) => one.language === language);
  const languages = [...new Set(reviews.map(({ language }) => language))].sort();
  return {
    override_rate: changed(reviews),
    confident_error: changed(random),
    by_language: Object.fromEntries(
      languages.map((language) => [
        language,
        { override_rate: changed(of(reviews, language)), confident_error: changed(of(random, language)) },
      ]),
    ),
    by_label: Object.fromEntries(
      [...labels].sort().map((label) => [
        label,
        {
          ...errorsOf(reviews, label),
          confident_error: confidentError(random, label),
          by_language: Object.fromEntries(
            languages.map((language) => [language, errorsOf(of(reviews, language), label)]),
          ),
        },
      ]),
    ),
  };
}

function errorsOf(reviews: readonly Reviews[], label: string): { removed: Share; added: Share } {
  const given = reviews.filter(({ machine }) => machine.includes(label));
  const wanted = reviews.filter(({ person }) => person.includes(label));
  return {
    removed: rate(given, ({ person }) => !person.includes(label)),
    added: rate(wanted, ({ machine }) => !machine.includes(label)),
  };
}

function confidentError(random: readonly Reviews[], label: string): Share {
  const concerned = random.filter(({ machine, person }) => machine.includes(label) || person.includes(label));
  return rate(concerned, ({ machine, person }) => machine.includes(label) !== person.includes(label));
}

function rate(part: readonly Reviews[], isWrong: (one: Reviews) => boolean): Share {
  const count = (some: readonly Reviews[]) => some.reduce((total, { n }) => total + n, 0);
  return share(count(part.filter(isWrong)), count(part));
}

/** The first decision, where that was the machine's own, beside what people have settled since; counted by the database. */
async function countReviews(db: Kysely<Tables>, group: 'topics' | 'risk_flags'): Promise<Reviews[]> {
  const given = sql`first.decision -> ${sql.lit(group)}`;
  const keys = group === 'topics' ? sql`one ->> 'key'` : sql`one #>> '{}'`;
  const { rows } = await sql<Omit<Reviews, 'n' | 'isSure'> & { sure: boolean; n: string }>`
    select feedback.language,
      array(select ${keys} from jsonb_array_elements(${given}) one order by 1) as machine,
      array(select one from jsonb_array_elements_text(feedback.settled -> ${sql.lit(group)}) one order by 1) as person,
      feedback.review_sample and not (first.decision -> 'needs_review' ->> 'yes')::boolean as sure,
      count(*) as n
    from feedback
    join lateral (select decision from decision where feedback_id = feedback.id order by id limit 1) first on true
    where feedback.reviewed_at is not null and coalesce(first.decision -> 'settled', 'null') = 'null'
      and jsonb_typeof(feedback.settled -> ${sql.lit(group)}) = 'array'
    group by 1, 2, 3, 4`.execute(db);
  return rows.map(({ sure, n, ...row }) => ({ ...row, isSure: sure, n: Number(n) }));
}
