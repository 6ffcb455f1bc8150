import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../db/tables.ts';
import { type ClusterItem, textKey } from '../item.ts';
import type { ArrivalDesk } from './arrival-desk.ts';
import type { NearEntry } from './arrival-index.ts';
import { decideArrival, findFollowers, type NearItem } from './arrive.ts';

/** Newest members of a cluster that stand for all of it: more say nothing new of where its middle is. */
const SAMPLE = 100;
/** Items up to which the customers of a cluster are counted; of a larger one the figure that is kept serves, for its cost. */
const COUNTED = 2_000;

/** Where a new item belongs, and how many customers have its matter, itself counted; 0 while it is alone. */
export type Placement =
  | {
      readonly kind: 'join';
      readonly cluster: string;
      readonly similarity: number;
      readonly reports: number;
      readonly isFixed: boolean;
      /** Items that were single until now and go along. */
      readonly with: readonly string[];
    }
  | { readonly kind: 'begin'; readonly with: readonly string[]; readonly reports: number }
  | { readonly kind: 'single'; readonly reports: 0 };

const ALONE: Placement = { kind: 'single', reports: 0 };

/** Decides where an item that happened at `at` (milliseconds since 1970) belongs; nothing is stored by it. */
export async function placeArrival(
  db: Kysely<Tables>,
  { index }: Pick<ArrivalDesk, 'index'>,
  item: ClusterItem,
  at: number,
): Promise<Placement> {
  const near = index.nearest(item, at).filter(({ id }) => id !== item.id);
  if (near.length === 0) return ALONE;
  const nearest = await withClusters(db, near);
  for (const { id } of near) if (!nearest.some((one) => one.id === id)) index.remove(id);
  const clusters = await readClusters(db, [...new Set(nearest.flatMap(({ cluster }) => cluster ?? []))], item);
  const centroids = clusters.flatMap(({ id, members }) => {
    const found = index.meanSimilarity(item, members);
    return found === undefined ? [] : [{ cluster: id, ...found }];
  });
  const meanOf = (id: string, ids: readonly string[]) => index.meanSimilarityOf(id, ids);
  const arrival = decideArrival({ customer: item.customer, text: textKey(item), nearest, centroids }, meanOf);
  if (arrival.kind === 'single') return ALONE;
  const joined = arrival.kind === 'join' ? clusters.find(({ id }) => id === arrival.cluster) : undefined;
  const members = arrival.kind === 'begin' ? arrival.with : (joined?.members ?? []);
  const followers = findFollowers(nearest, members, meanOf);
  const peopleOf = (ids: readonly string[]) =>
    nearest.filter(({ id }) => ids.includes(id)).map(({ id, customer }) => customer ?? id);
  if (arrival.kind === 'begin') {
    const others = [...arrival.with, ...followers];
    return { kind: 'begin', with: others, reports: new Set([item.customer ?? item.id, ...peopleOf(others)]).size };
  }
  // Somebody among the followers may be in the cluster already: the figures are derived anew soon.
  const more = new Set(peopleOf(followers).filter((one) => one !== item.customer)).size;
  return { ...arrival, with: followers, reports: (joined?.reports ?? 1) + more, isFixed: joined?.isFixed ?? false };
}

/** Those that are still there, with the cluster that each is in. */
async function withClusters(db: Kysely<Tables>, near: readonly NearEntry[]): Promise<NearItem[]> {
  const rows = await db
    .selectFrom('feedback')
    .leftJoin('cluster_member', 'cluster_member.feedback_id', 'feedback.id')
    .select(['feedback.id', 'cluster_id'])
    .where(
      'feedback.id',
      'in',
      near.map(({ id }) => id),
    )
    .execute();
  const clusters = new Map(rows.map(({ id, cluster_id }) => [id, cluster_id ?? undefined]));
  return near.flatMap((one) => (clusters.has(one.id) ? [{ ...one, cluster: clusters.get(one.id) }] : []));
}

/** The newest members of clusters, and how many customers they have with the one of the new item. */
async function readClusters(db: Kysely<Tables>, ids: readonly string[], { customer }: ClusterItem) {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('cluster')
    .select(['cluster.id', 'issue_status'])
    .select(
      sql<string[]>`array(
      select m.feedback_id::text from cluster_member m where m.cluster_id = cluster.id
      order by m.feedback_id desc limit ${SAMPLE})`.as('members'),
    )
    .select(
      sql<string>`case when items <= ${COUNTED} then (
        select count(distinct coalesce(c.ref, m.feedback_id::text)) from cluster_member m
        join feedback f on f.id = m.feedback_id left join customer c on c.id = f.customer_id
        where m.cluster_id = cluster.id
          and (${customer ?? null}::text is null or c.ref is distinct from ${customer ?? null}))
      else customers - (select count(*) from (
        select 1 from customer c join feedback f on f.customer_id = c.id
        join cluster_member m on m.feedback_id = f.id
        where c.ref = ${customer ?? null}::text and m.cluster_id = cluster.id limit 1) as known) end`.as('others'),
    )
    .where('cluster.id', 'in', ids)
    .where('retired_at', 'is', null)
    .execute();
  return rows.map(({ id, members, others, issue_status }) => ({
    id,
    members,
    reports: Number(others) + 1,
    isFixed: issue_status === 'fixed',
  }));
}
