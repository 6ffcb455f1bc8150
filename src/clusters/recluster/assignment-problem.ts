/** A pair that may be matched, and what it is worth. */
export interface Pair {
  readonly left: number;
  readonly right: number;
  readonly worth: number;
}

/**
 * The matching of greatest total worth in which everyone has at most one partner: the pairs are cut into parts that do
 * not touch each other, and each part is solved exactly by the Hungarian method with potentials (Kuhn, 1955; Jonker and
 * Volgenant, 1987), in the cube of its size. Pairs without worth are never matched.
 */
export function matchPairs(pairs: readonly Pair[]): Pair[] {
  return splitPairs(pairs.filter(({ worth }) => worth > 0)).flatMap(matchPart);
}

/** Pairs by the connected parts of the graph that they make. */
function splitPairs(pairs: readonly Pair[]): Pair[][] {
  const parents = new Map<string, string>();
  const root = (key: string): string => {
    const parent = parents.get(key) ?? key;
    return parent === key ? key : root(parent);
  };
  for (const { left, right } of pairs) parents.set(root(`l${left}`), root(`r${right}`));
  const parts = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const key = root(`l${pair.left}`);
    parts.set(key, [...(parts.get(key) ?? []), pair]);
  }
  return [...parts.values()];
}

function matchPart(pairs: readonly Pair[]): Pair[] {
  const lefts = [...new Set(pairs.map(({ left }) => left))].sort((one, other) => one - other);
  const rights = [...new Set(pairs.map(({ right }) => right))].sort((one, other) => one - other);
  const places = new Map(rights.map((right, at) => [right, at]));
  const byLeft = new Map(lefts.map((left) => [left, pairs.filter((pair) => pair.left === left)]));
  // One spare partner for everyone on the left: staying alone costs nothing.
  const width = rights.length + lefts.length;
  const costs = lefts.map((left) => {
    const row = new Float64Array(width);
    for (const { right, worth } of byLeft.get(left) ?? []) row[places.get(right) ?? 0] = -worth;
    return row;
  });
  return hungarian(costs, width).flatMap((column, row) => {
    const right = rights[column];
    const found = byLeft.get(lefts[row] ?? -1)?.find((pair) => pair.right === right);
    return found && right !== undefined ? [found] : [];
  });
}

/** The column of every row at the least total cost; there are at least as many columns as rows. */
function hungarian(costs: readonly Float64Array[], width: number): number[] {
  const rowPotential = new Float64Array(costs.length + 1);
  const columnPotential = new Float64Array(width + 1);
  /** The row of every column, counted from 1; 0 is free. Column 0 holds the row that looks for a partner. */
  const rowOf = new Int32Array(width + 1);
  for (let row = 1; row <= costs.length; row++) {
    rowOf[0] = row;
    const cameFrom = findPath(costs, rowOf, rowPotential, columnPotential);
    for (let column = cameFrom.end; column !== 0; ) {
      const before = cameFrom.columns[column] as number;
      rowOf[column] = rowOf[before] as number;
      column = before;
    }
  }
  const columns = new Array<number>(costs.length).fill(-1);
  for (let column = 1; column <= width; column++)
    if (rowOf[column] !== 0) columns[(rowOf[column] as number) - 1] = column - 1;
  return columns;
}

/** The cheapest alternating path from the row in column 0 to a free column; brings the potentials along. */
function findPath(
  costs: readonly Float64Array[],
  rowOf: Int32Array,
  rowPotential: Float64Array,
  columnPotential: Float64Array,
): { readonly end: number; readonly columns: Int32Array } {
  const least = new Float64Array(rowOf.length).fill(Number.POSITIVE_INFINITY);
  const done = new Uint8Array(rowOf.length);
  const columns = new Int32Array(rowOf.length);
  let column = 0;
  while (rowOf[column] !== 0) {
    done[column] = 1;
    const row = rowOf[column] as number;
    let next = -1;
    for (let other = 1; other < rowOf.length; other++) {
      if (done[other] === 1) continue;
      const cost =
        (costs[row - 1]?.[other - 1] as number) - (rowPotential[row] as number) - (columnPotential[other] as number);
      if (cost < (least[other] as number)) {
        least[other] = cost;
        columns[other] = column;
      }
      if (next === -1 || (least[other] as number) < (least[next] as number)) next = other;
    }
    shift(least[next] as number, { least, done, rowOf, rowPotential, columnPotential });
    column = next;
  }
  return { end: column, columns };
}

/** Moves the potentials so that the next column can be reached at no further cost. */
function shift(
  step: number,
  state: {
    readonly least: Float64Array;
    readonly done: Uint8Array;
    readonly rowOf: Int32Array;
    readonly rowPotential: Float64Array;
    readonly columnPotential: Float64Array;
  },
): void {
  const { least, done, rowOf, rowPotential, columnPotential } = state;
  for (let column = 0; column < rowOf.length; column++) {
    if (done[column] === 0) {
      least[column] = (least[column] as number) - step;
      continue;
    }
    const row = rowOf[column] as number;
    rowPotential[row] = (rowPotential[row] as number) + step;
    columnPotential[column] = (columnPotential[column] as number) - step;
  }
}
