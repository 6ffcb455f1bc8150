import { dotAt } from '../../learning/dot.ts';
import type { ClusterLanguage } from '../item.ts';
import type { Features } from '../neighbours/mixed-neighbours.ts';
import { membersOf } from './partition.ts';

/**
 * Least centred cosine of two centroids across languages, and by how much it must exceed the next best of either side.
 * On the stories of data/eval/dev the 16 true pairs lie at 0.27 to 0.80, next bests at 0.04 to 0.29.
 */
const LEAST_SIMILARITY = 0.25;
const LEAST_LEAD = 0.05;
/** Share of its items that give a community its language; one with more of both is joined already. */
const LANGUAGE_SHARE = 0.8;

interface Side {
  readonly group: number;
  readonly language: ClusterLanguage | undefined;
  readonly centroid: Float32Array;
}

/**
 * Joins communities of two languages that tell of one thing: those whose centroids are nearest to each other, both
 * ways and with a lead. Centroids rather than items, because the noise of single sentences is averaged away in them.
 *
 * @param mayJoin false for two groups that people keep apart
 */
export function joinLanguages(
  rows: readonly Features[],
  groups: Int32Array,
  mayJoin: (left: number, right: number) => boolean,
): Int32Array {
  const sides = membersOf(groups)
    .map((members, group): Side => describe(rows, members, group))
    .filter(({ language }) => language !== undefined);
  const zh = sides.filter(({ language }) => language === 'zh');
  const en = sides.filter(({ language }) => language === 'en');
  const becomes = new Map<number, number>();
  for (const one of zh) {
    const other = best(one, en);
    if (other === undefined || best(other.side, zh)?.side !== one || !mayJoin(one.group, other.side.group)) continue;
    becomes.set(Math.max(one.group, other.side.group), Math.min(one.group, other.side.group));
  }
  return groups.map((group) => becomes.get(group) ?? group);
}

function best(one: Side, others: readonly Side[]): { side: Side } | undefined {
  const ranked = others
    .map((side) => ({ side, similarity: dotAt(one.centroid, 0, side.centroid) }))
    .sort((left, right) => right.similarity - left.similarity || left.side.group - right.side.group);
  const [first, second] = ranked;
  if (first === undefined || first.similarity < LEAST_SIMILARITY) return undefined;
  return first.similarity - (second?.similarity ?? 0) >= LEAST_LEAD ? first : undefined;
}

function describe(rows: readonly Features[], members: readonly number[], group: number): Side {
  const chinese = members.filter((row) => rows[row]?.language === 'zh').length / Math.max(1, members.length);
  const language = chinese >= LANGUAGE_SHARE ? 'zh' : chinese <= 1 - LANGUAGE_SHARE ? 'en' : undefined;
  return { group, language: members.length === 0 ? undefined : language, centroid: centroidOf(rows, members) };
}

/** The mean direction of the members; zero where there are none. */
export function centroidOf(rows: readonly Pick<Features, 'dense'>[], members: readonly number[]): Float32Array {
  const sum = new Float32Array(rows[members[0] ?? -1]?.dense.length ?? 0);
  for (const row of members) {
    const vector = rows[row]?.dense ?? sum;
    for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] as number) + (vector[at] as number);
  }
  const length = Math.sqrt(dotAt(sum, 0, sum)) || 1;
  return sum.map((value) => value / length);
}
