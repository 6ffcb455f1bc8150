import { type Kysely, sql } from 'kysely';
import type { Tables } from '../db/tables.ts';
import { FIRST_HASH, hashEntry } from './audit-entry.ts';

/** An entry of the audit with the head of its chain. */
export interface ChainRow {
  readonly seq: string;
  readonly at: Date;
  readonly actor: Record<string, unknown>;
  readonly action: string;
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly change: Record<string, unknown>;
  readonly prev_hash: string;
  readonly hash: string;
  readonly head_hash: string | null;
  readonly head_count: number | null;
}

export interface Finding {
  readonly kind: 'edited' | 'missing' | 'inserted';
  readonly subject_kind: string;
  readonly subject_id: string;
  /** The entry at or beside which it shows; null where none of the subject is left. */
  readonly seq: string | null;
  readonly message: string;
}

/**
 * Checks one chain of the audit from its newest entry backwards: the head says which hash comes last, and each entry
 * which one comes before it, so that an entry that nothing leads to was inserted.
 */
export class ChainCheck {
  readonly #db: Kysely<Tables>;
  readonly #first: ChainRow;
  readonly #found: (finding: Finding) => void;
  #wanted: string;
  #count = 0;
  /** The entry before which the wanted one stands. */
  #next: string | undefined;

  /** @param first the newest entry of the subject */
  constructor(db: Kysely<Tables>, first: ChainRow, found: (finding: Finding) => void) {
    this.#db = db;
    this.#first = first;
    this.#found = found;
    this.#wanted = first.head_hash ?? first.hash;
    if (first.head_hash === null) this.#report('missing', first.seq, 'the head of its chain is missing');
  }

  isOf(row: ChainRow): boolean {
    return row.subject_kind === this.#first.subject_kind && row.subject_id === this.#first.subject_id;
  }

  /** The entries that belong to the chain so far. */
  get count(): number {
    return this.#count;
  }

  get subject(): { readonly kind: string; readonly id: string } {
    return { kind: this.#first.subject_kind, id: this.#first.subject_id };
  }

  /** Takes the next older entry. */
  async take(row: ChainRow): Promise<void> {
    const isComplete = this.#wanted === FIRST_HASH;
    if (row.hash !== this.#wanted && (isComplete || (await this.#isWantedBelow(row.seq)))) {
      this.#report('inserted', row.seq, 'it was inserted: nothing in the chain leads to it');
      return;
    }
    const isConsistent = hashOf(row) === row.hash;
    if (row.hash !== this.#wanted) await this.#reportGap(row, isConsistent);
    else if (!isConsistent) this.#report('edited', row.seq, 'its content is not what its hash says');
    this.#wanted = row.prev_hash;
    this.#next = row.seq;
    this.#count += 1;
  }

  /** To be called after the oldest entry. */
  end(): void {
    if (this.#wanted !== FIRST_HASH)
      this.#report('missing', this.#next ?? null, 'entries before it are missing: the chain does not begin with it');
  }

  async #isWantedBelow(seq: string): Promise<boolean> {
    const { rows } = await sql<{ found: boolean }>`
      select exists (select 1 from audit where ${this.#isOwn()} and hash = ${this.#wanted} and seq < ${seq}) as found`.execute(
      this.#db,
    );
    return rows[0]?.found === true;
  }

  /** What the entry behind says is not there: as many entries as there should be, or fewer, tell what was done. */
  async #reportGap(row: ChainRow, isConsistent: boolean): Promise<void> {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from audit where ${this.#isOwn()}`.execute(this.#db);
    if ((rows[0]?.count ?? 0) >= (row.head_count ?? 0)) {
      this.#report('edited', row.seq, 'it was rewritten: what comes after it does not follow from it');
      return;
    }
    const place = this.#next === undefined ? 'after it' : `between it and ${this.#next}`;
    this.#report('missing', row.seq, `entries ${place} are missing`);
    if (!isConsistent) this.#report('edited', row.seq, 'its content is not what its hash says');
  }

  #isOwn() {
    const { subject_kind, subject_id } = this.#first;
    return sql`subject_kind = ${subject_kind} and subject_id = ${subject_id}`;
  }

  #report(kind: Finding['kind'], seq: string | null, message: string): void {
    const { subject_kind, subject_id } = this.#first;
    this.#found({ kind, subject_kind, subject_id, seq, message });
  }
}

function hashOf({ at, actor, action, subject_kind, subject_id, change, prev_hash }: ChainRow): string {
  return hashEntry({ at, actor, action, subjectKind: subject_kind, subjectId: subject_id, change }, prev_hash);
}
