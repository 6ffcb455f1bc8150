/** What a person has decided about items; in force until another decision of a person contradicts it. */
export type Constraint =
  | { readonly id: string; readonly kind: 'together'; readonly items: readonly string[] }
  /** No item of one side ever shares a cluster with one of the other. */
  | {
      readonly id: string;
      readonly kind: 'apart';
      readonly items: readonly string[];
      readonly from: readonly string[];
    };

/** A decision that cannot be kept, because later ones say the opposite. */
export interface Contradiction {
  readonly constraint: string;
  readonly with: readonly string[];
}

export interface ResolvedConstraints {
  /** The group of every row that must stay together; a row that is bound to none is a group of its own. */
  readonly bundles: Int32Array;
  /** Rows of both sides of each decision that keeps some apart. */
  readonly apart: readonly { readonly left: readonly number[]; readonly right: readonly number[] }[];
  readonly contradictions: readonly Contradiction[];
}

/**
 * What the decisions mean for the items at hand; items that are gone are passed over. `constraints` stand in the order
 * in which they were made: the newest is always kept, an older one only while nothing newer contradicts it.
 */
export function resolveConstraints(ids: readonly string[], constraints: readonly Constraint[]): ResolvedConstraints {
  const rows = new Map(ids.map((id, row) => [id, row]));
  const toRows = (items: readonly string[]) => items.flatMap((id) => rows.get(id) ?? []);
  const state = new Bundles(ids.length);
  const contradictions: Contradiction[] = [];
  for (const constraint of constraints.toReversed()) {
    const against =
      constraint.kind === 'together'
        ? state.bind(constraint.id, toRows(constraint.items))
        : state.part(constraint.id, toRows(constraint.items), toRows(constraint.from));
    if (against.length > 0) contradictions.push({ constraint: constraint.id, with: against });
  }
  return { bundles: state.finish(), apart: state.apart, contradictions: contradictions.reverse() };
}

class Bundles {
  readonly apart: { readonly id: string; readonly left: readonly number[]; readonly right: readonly number[] }[] = [];
  #parents: Int32Array;
  /** Decisions that bound the rows of a root. */
  readonly #reasons = new Map<number, Set<string>>();

  constructor(count: number) {
    this.#parents = Int32Array.from({ length: count }, (_, row) => row);
  }

  /** Binds rows together; nothing is done, and the decisions against it are given, when some must stay apart. */
  bind(id: string, rows: readonly number[]): string[] {
    const before = Int32Array.from(this.#parents);
    const [first = 0] = rows;
    for (const row of rows) this.#parents[this.#root(row)] = this.#root(first);
    const against = this.apart.filter(({ left, right }) => this.#meet(left, right)).map((other) => other.id);
    if (against.length > 0) {
      this.#parents = before;
      return against;
    }
    for (const row of rows) this.#reasons.set(row, new Set([...(this.#reasons.get(row) ?? []), id]));
    return [];
  }

  part(id: string, left: readonly number[], right: readonly number[]): string[] {
    const roots = new Set(left.map((row) => this.#root(row)));
    const met = new Set(right.map((row) => this.#root(row)).filter((root) => roots.has(root)));
    if (met.size === 0) {
      if (left.length > 0 && right.length > 0) this.apart.push({ id, left, right });
      return [];
    }
    const against = new Set<string>();
    for (const [row, reasons] of this.#reasons) {
      if (met.has(this.#root(row))) for (const reason of reasons) against.add(reason);
    }
    // A side that names the same item twice contradicts itself.
    return against.size > 0 ? [...against].sort() : [id];
  }

  finish(): Int32Array {
    return Int32Array.from(this.#parents.keys(), (row) => this.#root(row));
  }

  #meet(left: readonly number[], right: readonly number[]): boolean {
    const roots = new Set(left.map((row) => this.#root(row)));
    return right.some((row) => roots.has(this.#root(row)));
  }

  #root(row: number): number {
    let at = row;
    while (this.#parents[at] !== at) {
      this.#parents[at] = this.#parents[this.#parents[at] as number] as number;
      at = this.#parents[at] as number;
    }
    return at;
  }
}
