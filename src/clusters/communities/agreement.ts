/** Pairs of items that two divisions treat alike, adjusted for chance (Hubert and Arabie, 1985): 1 for the same. */
export function adjustedRand(left: ArrayLike<number | string>, right: ArrayLike<number | string>): number {
  const cells = new Map<string, number>();
  const rows = new Map<number | string, number>();
  const columns = new Map<number | string, number>();
  for (let at = 0; at < left.length; at++) {
    const [row, column] = [left[at] as number | string, right[at] as number | string];
    const cell = `${row} ${column}`;
    cells.set(cell, (cells.get(cell) ?? 0) + 1);
    rows.set(row, (rows.get(row) ?? 0) + 1);
    columns.set(column, (columns.get(column) ?? 0) + 1);
  }
  const [index, ofRows, ofColumns] = [pairsIn(cells), pairsIn(rows), pairsIn(columns)];
  const all = pairs(left.length);
  const expected = all === 0 ? 0 : (ofRows * ofColumns) / all;
  const highest = (ofRows + ofColumns) / 2;
  return highest === expected ? 1 : (index - expected) / (highest - expected);
}

function pairsIn(counts: ReadonlyMap<unknown, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += pairs(count);
  return sum;
}

function pairs(count: number): number {
  return (count * (count - 1)) / 2;
}
