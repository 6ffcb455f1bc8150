import type { Transaction } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { beginCluster } from '../clusters/arrival/begin-cluster.ts';
import { type Placement, placeArrival } from '../clusters/arrival/place-arrival.ts';
import type { ClusterItem } from '../clusters/item.ts';
import { momentOf } from '../clusters/stored-items.ts';
import { lockClusters } from '../clusters/work/change-cluster.ts';
import { reopenFixed } from '../clusters/work/reopen-fixed.ts';
import type { Context } from '../context.ts';
import type { Tables } from '../db/tables.ts';
import { throwIfCancelled } from '../errors.ts';
import type { IdempotencyKey } from '../intake/idempotency.ts';
import type { FeedbackRequest } from '../intake/request.ts';
import { withoutCues } from '../learning/features.ts';
import { mainLanguageOf } from '../text/main-language.ts';
import type { Actor } from './actor.ts';
import type { Classified } from './classify.ts';
import { decideWith } from './decide.ts';
import { type PreparedItem, prepareItem } from './prepare-item.ts';
import { safeName } from './safe-name.ts';
import { storeItem } from './store-item.ts';

export interface StoreOptions {
  readonly actor: Actor;
  readonly idempotency?: IdempotencyKey | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is to be stored, once it is known how many customers have the same matter. */
interface Arriving {
  readonly id: string;
  readonly request: FeedbackRequest;
  readonly classified: Classified;
  readonly item: ClusterItem;
  /** When it happened, milliseconds since 1970. */
  readonly at: number;
}

/**
 * Stores a new item in the cluster where it belongs. Items of one process take turns, so that each sees those before
 * it; where a cluster begins, the replicas take turns too and look once more.
 *
 * @returns what was stored, with the number of customers who have the same matter in its decision
 */
export async function storeArrival(
  context: Context,
  request: FeedbackRequest,
  classified: Classified,
  options: StoreOptions,
): Promise<PreparedItem> {
  const { database, arrivals } = context;
  const db = database.kysely;
  const arriving = toArriving(context, request, classified);
  const endTurn = await arrivals.takeTurn();
  try {
    throwIfCancelled(options.signal);
    await arrivals.catchUp(db);
    const place = await placeArrival(db, arrivals, arriving.item, arriving.at);
    const isPlain = place.kind === 'single' || (place.kind === 'join' && !place.isFixed);
    const stored = isPlain
      ? await store(context, db, arriving, place, options)
      : await db.transaction().execute((tx) => storeFirst(tx, context, arriving, options));
    const { id, vector, language, customer, source } = arriving.item;
    arrivals.index.add({ id, vector, language, customer, at: arriving.at, source: () => source });
    return stored;
  } finally {
    endTurn();
  }
}

/** With a cluster that begins by it, or that was thought to be done with. */
async function storeFirst(
  tx: Transaction<Tables>,
  context: Context,
  arriving: Arriving,
  options: StoreOptions,
): Promise<PreparedItem> {
  await lockClusters(tx);
  await context.arrivals.catchUp(tx, true);
  const place = await placeArrival(tx, context.arrivals, arriving.item, arriving.at);
  const stored = await store(context, tx, arriving, place, options);
  const occasion = { actor: options.actor, at: arriving.classified.receivedAt };
  if (place.kind === 'begin') await beginCluster(tx, context, [...place.with, arriving.id], occasion);
  if (place.kind === 'join' && place.isFixed) await reopenFixed(tx, place.cluster, arriving, occasion);
  return stored;
}

async function store(
  context: Context,
  db: Context['database']['kysely'],
  { id, request, classified }: Arriving,
  place: Placement,
  { actor, idempotency }: StoreOptions,
): Promise<PreparedItem> {
  const item = prepareItem(context, request, withReports(context, request, classified, place.reports), { id, actor });
  const answer = idempotency && { ...idempotency, status: 201, body: JSON.stringify(item.submitted) };
  await storeItem(db, item, answer, place.kind === 'join' ? place : undefined);
  return item;
}

/** What was decided about the message alone, decided again where others have its matter. */
function withReports(context: Context, request: FeedbackRequest, classified: Classified, reports: number): Classified {
  if (reports < 2) return classified;
  const { channel, customer = {} } = request;
  const { prediction, decision } = classified;
  const message = { ...classified, channel, customer, reports };
  return { ...classified, decision: decideWith(context, message, prediction, decision.settled ?? undefined) };
}

function toArriving({ vault, matters }: Context, request: FeedbackRequest, classified: Classified): Arriving {
  const id = uuidv7();
  const { document, embedding, decision, receivedAt } = classified;
  const ref = request.customer?.ref;
  return {
    id,
    request,
    classified,
    item: {
      id,
      vector: matters.place(
        embedding.vector,
        document.index,
        decision.topics.map(({ key }) => key),
      ),
      language: mainLanguageOf(document.language),
      source: withoutCues(document),
      customer: ref === undefined ? undefined : safeName(vault, ref),
    },
    at: momentOf({
      happened_at: request.happened_at === undefined ? null : new Date(request.happened_at),
      received_at: receivedAt,
    }),
  };
}
