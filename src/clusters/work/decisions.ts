import { type Selectable, sql, type Transaction } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { ClusterConstraintTable } from '../../db/cluster-tables.ts';
import type { Tables } from '../../db/tables.ts';
import type { Actor } from '../../feedback/actor.ts';
import { type Constraint, resolveConstraints } from '../recluster/constraints.ts';

/** Steps from one decision to another by items that both name; contradictions over more are found when it reclusters. */
const MOST_HOPS = 4;

/** What a person decides about items, for ever. */
export type ClusterDecision =
  | { readonly kind: 'together'; readonly items: readonly string[] }
  | { readonly kind: 'apart'; readonly items: readonly string[]; readonly from: readonly string[] };

export interface DecisionContext {
  readonly actor: Actor;
  readonly person: string | null;
  readonly at: Date;
  /** The items that the person acts upon: older decisions that say the opposite do not hold for them any more. */
  readonly moved: readonly string[];
  /** Of `together`: all that they join, of which `items` may name a few only. */
  readonly joined?: readonly string[];
}

export const supersededSchema = z
  .object({
    id: z.uuid(),
    kind: z.enum(['together', 'apart']).describe('`together`: a merge or a move; `apart`: a split or a move.'),
    at: z.iso.datetime(),
    by: z.string().nullable(),
    items: z.int().describe('Items for which it does not hold any more.'),
  })
  .meta({ id: 'SupersededDecision' });
/** An earlier decision that the new one contradicts: the newer holds. */
export type Superseded = z.infer<typeof supersededSchema>;

type Row = Selectable<ClusterConstraintTable>;

/**
 * Keeps a decision. Of two that contradict each other the newer holds: the items that it moves are taken out of the
 * older ones, which hold for their other items as before.
 *
 * @returns the older ones
 */
export async function recordDecision(
  tx: Transaction<Tables>,
  decision: ClusterDecision,
  { actor, person, at, moved, joined = [] }: DecisionContext,
): Promise<Superseded[]> {
  const opposite = await listOpposite(tx, decision, moved, joined);
  const gone = new Set(moved);
  for (const row of opposite) await narrow(tx, row, gone);
  const id = uuidv7();
  const items = [...new Set(decision.items)];
  const apart_from = decision.kind === 'apart' ? [...new Set(decision.from)] : [];
  await tx
    .insertInto('cluster_constraint')
    .values({ id, at, actor: JSON.stringify(actor), person, kind: decision.kind, items, apart_from })
    .execute();
  const count = (row: Row) => [...row.items, ...row.apart_from].filter((item) => gone.has(item)).length;
  return [
    ...opposite.map((row) => toSuperseded(row, count(row))),
    ...(await listIndirect(tx, id, [...items, ...apart_from])),
  ];
}

/** Decisions as the reclustering takes them, oldest first. */
export function toConstraint({ id, kind, items, apart_from }: Row): Constraint {
  return kind === 'together' ? { id, kind, items } : { id, kind, items, from: apart_from };
}

/** Older decisions that say the opposite of the moved items, held. */
async function listOpposite(
  tx: Transaction<Tables>,
  decision: ClusterDecision,
  moved: readonly string[],
  joined: readonly string[],
): Promise<Row[]> {
  const [column, side] = (['items', 'apart_from'] as const).map((name) => sql.ref(name));
  const meets = (ref: typeof column, ids: readonly string[]) => sql<boolean>`${ref} && ${[...ids]}::uuid[]`;
  const rest = decision.kind === 'apart' ? decision.from : joined;
  const others = rest.filter((id) => !moved.includes(id));
  const older = tx.selectFrom('cluster_constraint').selectAll().orderBy('id').forUpdate();
  if (decision.kind === 'apart')
    return await older
      .where('kind', '=', 'together')
      .where(meets(column, moved))
      .where(meets(column, others))
      .execute();
  return await older
    .where('kind', '=', 'apart')
    .where((is) =>
      is.or([
        is.and([meets(column, moved), meets(side, others)]),
        is.and([meets(side, moved), meets(column, others)]),
        is.and([meets(column, moved), meets(side, moved)]),
      ]),
    )
    .execute();
}

/** Without the items; a decision that says nothing any more goes: the audit still tells of it. */
async function narrow(tx: Transaction<Tables>, row: Row, gone: ReadonlySet<string>): Promise<void> {
  const items = row.items.filter((id) => !gone.has(id));
  const apart_from = row.apart_from.filter((id) => !gone.has(id));
  const isEmpty = row.kind === 'together' ? items.length < 2 : items.length === 0 || apart_from.length === 0;
  if (isEmpty) await tx.deleteFrom('cluster_constraint').where('id', '=', row.id).execute();
  else await tx.updateTable('cluster_constraint').set({ items, apart_from }).where('id', '=', row.id).execute();
}

/** Decisions that together with others say the opposite of the new one: they cannot be kept as a whole. */
async function listIndirect(tx: Transaction<Tables>, id: string, named: readonly string[]): Promise<Superseded[]> {
  const known = new Map<string, Row>();
  let ids: readonly string[] = named;
  for (let hop = 0; hop < MOST_HOPS && ids.length > 0; hop++) {
    const touching = sql<boolean>`(items && ${[...ids]}::uuid[] or apart_from && ${[...ids]}::uuid[])`;
    const found = await tx.selectFrom('cluster_constraint').selectAll().where(touching).execute();
    const fresh = found.filter((row) => !known.has(row.id));
    for (const row of fresh) known.set(row.id, row);
    ids = fresh.flatMap((row) => [...row.items, ...row.apart_from]);
  }
  const rows = [...known.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
  const all = [...new Set(rows.flatMap((row) => [...row.items, ...row.apart_from]))];
  const { contradictions } = resolveConstraints(all, rows.map(toConstraint));
  return contradictions
    .filter((one) => one.constraint !== id && one.with.includes(id))
    .flatMap(({ constraint }) => known.get(constraint) ?? [])
    .map((row) => toSuperseded(row, row.items.length + row.apart_from.length));
}

function toSuperseded({ id, kind, at, person }: Row, items: number): Superseded {
  return { id, kind, at: at.toISOString(), by: person, items };
}
