import { type ClusterItem, textKey } from './item.ts';

/**
 * Items that say the same in the same language stand as one: ten thousand copies of a message are one voice, not ten
 * thousand neighbours of each other.
 *
 * @param isNamed true for an item that a person has decided about; it stands for itself
 * @returns the rows that stand for others, and for every item the place of its own among them
 */
export function standIns(
  items: readonly ClusterItem[],
  isNamed: (row: number) => boolean,
): { readonly rows: readonly number[]; readonly places: Int32Array } {
  const rows: number[] = [];
  const known = new Map<string, number>();
  const places = Int32Array.from(items, (item, row) => {
    const key = isNamed(row) ? `item ${row}` : `${item.language} ${textKey(item)}`;
    const place = known.get(key) ?? rows.push(row) - 1;
    known.set(key, place);
    return place;
  });
  return { rows, places };
}
