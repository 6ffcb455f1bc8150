import { type Kysely, sql } from 'kysely';
import type { Context } from '../../context.ts';
import { findSetting } from '../../db/settings.ts';
import type { Tables } from '../../db/tables.ts';
import { parseVector } from '../../db/vector.ts';
import { mainLanguageOf } from '../../text/main-language.ts';
import { firstIdAt } from '../arrival/arrival-desk.ts';
import { seedMeans } from '../head-means.ts';
import { MATTER_COORDINATES } from '../matter-space.ts';
import { toConstraint } from '../work/decisions.ts';
import type { Constraint } from './constraints.ts';
import type { ItemChunk, ReclusterInput } from './recluster-input.ts';

/** What is clustered: the items of this time, and older ones that are not resolved. */
const WINDOW_MS = 90 * 86_400_000;
/** At most so many, the newest: 100 000 take 1 GiB (docs/benchmarks.md, S5). */
const MOST_ITEMS = 100_000;
const CHUNK = 500;
const SEED = 1;
const RESOLVED = ['resolved', 'followed_up', 'closed'] as const;
/** The newest item that the last reclustering has looked at. */
export const THROUGH = 'clusters.through';

export interface ReclusterRead {
  readonly input: ReclusterInput;
  /** The cluster of every item that is in one. */
  readonly before: ReadonlyMap<string, string>;
  /** The newest decision of people that is heeded. */
  readonly constraint: string | undefined;
  readonly newest: string | undefined;
}

/** All that a reclustering is computed from. @throws the signal's reason */
export async function readForReclustering(context: Context, signal: AbortSignal): Promise<ReclusterRead> {
  const { database, encoder, policy } = context;
  const db = database.kysely;
  const constraints = await listConstraints(db);
  const before = await readMembers(db);
  const through = await findSetting(db, THROUGH);
  const chunks = await readChunks(context, signal);
  const ids = chunks.flatMap(({ items }) => items.map(({ id }) => id));
  const known = new Map<string, string | undefined>();
  for (const id of ids) {
    const cluster = before.get(id);
    // What joined nothing when it came was not left out by a run over all items yet.
    if (cluster !== undefined || (through !== undefined && id <= through)) known.set(id, cluster);
  }
  return {
    input: {
      chunks,
      dimensions: encoder.info.dimensions + MATTER_COORDINATES,
      known,
      worked: await listWorked(db),
      constraints,
      means: seedMeans(context),
      seed: SEED,
      words: policy.words,
      naming: policy.naming,
      topics: policy.taxonomy.topics,
    },
    before,
    constraint: constraints.at(-1)?.id,
    newest: ids.reduce<string | undefined>((last, id) => (last === undefined || id > last ? id : last), undefined),
  };
}

/** What people have decided, oldest first. */
export async function listConstraints(db: Kysely<Tables>): Promise<Constraint[]> {
  const rows = await db.selectFrom('cluster_constraint').selectAll().orderBy('id').execute();
  return rows.map(toConstraint);
}

/** Clusters that people have named, answer for, or have said something about. */
async function listWorked(db: Kysely<Tables>): Promise<Set<string>> {
  const rows = await db
    .selectFrom('cluster')
    .select('id')
    .where('retired_at', 'is', null)
    .where((is) =>
      is.or([
        is(sql<number>`cardinality(named_by_person)`, '>', 0),
        is('issue_status', 'is not', null),
        is('owner', 'is not', null),
        is('ticket', 'is not', null),
      ]),
    )
    .execute();
  return new Set(rows.map(({ id }) => id));
}

/** The cluster of every item that is in one. */
export async function readMembers(db: Kysely<Tables>): Promise<Map<string, string>> {
  const rows = await db.selectFrom('cluster_member').select(['feedback_id', 'cluster_id']).execute();
  return new Map(rows.map(({ feedback_id, cluster_id }) => [feedback_id, cluster_id]));
}

async function readChunks({ database, encoder, now }: Context, signal: AbortSignal): Promise<ItemChunk[]> {
  const from = firstIdAt(now().getTime() - WINDOW_MS);
  const chunks: ItemChunk[] = [];
  let before: string | undefined;
  for (let read = 0; read < MOST_ITEMS; read += CHUNK) {
    signal.throwIfAborted();
    let query = database.kysely
      .selectFrom('feedback')
      .innerJoin('feedback_vector', 'feedback_vector.feedback_id', 'feedback.id')
      .leftJoin('customer', 'customer.id', 'feedback.customer_id')
      .select(['feedback.id', 'language', 'subject', 'body', 'topics', 'ref', 'embedding'])
      .where('model_hash', '=', encoder.info.hash)
      .where((is) => is.or([is('feedback.id', '>', from), is('status', 'not in', RESOLVED)]));
    if (before !== undefined) query = query.where('feedback.id', '<', before);
    const rows = await query.orderBy('feedback.id', 'desc').limit(CHUNK).execute();
    const width = encoder.info.dimensions + MATTER_COORDINATES;
    const vectors = new Float32Array(rows.length * width);
    for (const [at, { embedding }] of rows.entries()) vectors.set(parseVector(embedding), at * width);
    const items = rows.map(({ id, subject, body, language, ref, topics }) => ({
      id,
      text: subject ? `${subject}\n${body}` : body,
      language: mainLanguageOf(language),
      customer: ref ?? undefined,
      topics,
    }));
    if (rows.length > 0) chunks.push({ items, vectors });
    if (rows.length < CHUNK) break;
    before = rows.at(-1)?.id;
  }
  return chunks;
}
