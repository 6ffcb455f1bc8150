import { dotAt } from '../../learning/dot.ts';
import { centroidOf } from '../communities/join-languages.ts';
import { type ClusterItem, textKey } from '../item.ts';
import type { Features } from '../neighbours/mixed-neighbours.ts';

/** How much being like a quote that is chosen already takes from being typical (maximal marginal relevance). */
const DIVERSITY = 0.5;
/** Characters below which a message shows little, and beyond which nobody reads it. */
const SHORT = 12;
const LONG = 280;
const OFF_LENGTH = 0.15;

/**
 * Places of the messages that show best what a cluster is about: typical, and unlike each other (Carbonell and
 * Goldstein, 1998); of different people and texts, and of both languages where each has a fifth of the messages.
 */
export function chooseQuotes(
  items: readonly ClusterItem[],
  features: readonly Pick<Features, 'dense'>[],
  count = 3,
): number[] {
  const rows = Array.from(items.keys());
  const centre = centroidOf(features, rows);
  const vectorOf = (row: number) => features[row]?.dense ?? centre;
  const typical = rows.map((row) => dotAt(vectorOf(row), 0, centre) - (hasGoodLength(items[row]) ? 0 : OFF_LENGTH));
  const chosen: number[] = [];
  while (chosen.length < count) {
    const wanted = missingLanguage(items, chosen, count);
    const next = rows
      .filter((row) => !chosen.some((other) => isSameVoice(items[row], items[other])))
      .filter((row) => wanted === undefined || items[row]?.language === wanted)
      .map((row) => {
        const nearest = Math.max(0, ...chosen.map((other) => dotAt(vectorOf(row), 0, vectorOf(other))));
        return { row, value: (typical[row] as number) - DIVERSITY * nearest };
      })
      .sort((left, right) => right.value - left.value || left.row - right.row)[0];
    if (next === undefined) break;
    chosen.push(next.row);
  }
  return chosen;
}

/** The language that the last free places are kept for. */
function missingLanguage(items: readonly ClusterItem[], chosen: readonly number[], count: number) {
  if (chosen.length !== count - 1) return undefined;
  return (['zh', 'en'] as const).find((language) => {
    const share = items.filter((item) => item.language === language).length / items.length;
    return share >= 0.2 && !chosen.some((row) => items[row]?.language === language);
  });
}

function isSameVoice(one: ClusterItem | undefined, other: ClusterItem | undefined): boolean {
  if (one === undefined || other === undefined || one === other) return true;
  return (one.customer !== undefined && one.customer === other.customer) || textKey(one) === textKey(other);
}

function hasGoodLength(item: ClusterItem | undefined): boolean {
  const length = item?.source.normal.text.length ?? 0;
  return length >= SHORT && length <= LONG;
}
