import { type Kysely, sql } from 'kysely';
import { validate as isUuid } from 'uuid';
import type { Tables } from '../db/tables.ts';
import { throwIfCancelled } from '../errors.ts';
import { ChainCheck, type ChainRow, type Finding } from './verify-chain.ts';

const ROWS_PER_READ = 1_000;
/** Findings that are named; the others are counted, so that a ruined audit does not fill the memory. */
const MAX_FINDINGS = 1_000;

export interface AuditReport {
  /** Entries that were read. */
  readonly entries: number;
  readonly subjects: number;
  /** All findings, of which the first are named. */
  readonly found: number;
  readonly findings: readonly Finding[];
}

export interface VerifyOptions {
  /** Only chains that grew, or claim to have grown, at or after this time; each from its beginning. */
  readonly since?: Date | undefined;
  /** Only this item. */
  readonly feedbackId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  onProgress?(done: number, total: number): void;
}

/**
 * Reads the audit as it stands at one moment and finds what was edited, taken away or inserted. Each chain is checked
 * against its head and, for items, against their version. What changes entry, chain and head alike is not found: keep
 * the hashes of heads elsewhere for that.
 *
 * @param snapshot a transaction with isolation `repeatable read`, so that what is written meanwhile is no finding
 * @throws AppError `cancelled`, and those of the database
 */
export async function verifyAudit(snapshot: Kysely<Tables>, options: VerifyOptions = {}): Promise<AuditReport> {
  const report = new Report();
  const total = await countEntries(snapshot, options);
  let check: ChainCheck | undefined;
  const versions = new Versions(snapshot, report);
  const end = async () => {
    check?.end();
    if (check !== undefined) await versions.add(check);
  };
  for await (const row of readChains(snapshot, options)) {
    if (!check?.isOf(row)) {
      await end();
      check = new ChainCheck(snapshot, row, report.add);
      report.subjects += 1;
    }
    await check.take(row);
    report.entries += 1;
    if (report.entries % ROWS_PER_READ === 0) options.onProgress?.(report.entries, total);
  }
  await end();
  await versions.flush();
  await findEmptyChains(snapshot, options, report);
  await findItemsWithout(snapshot, options, report);
  if (options.since !== undefined) await findStray(snapshot, options.since, report);
  options.onProgress?.(total, total);
  const { entries, subjects, found, findings } = report;
  return { entries, subjects, found, findings };
}

class Report {
  entries = 0;
  subjects = 0;
  found = 0;
  readonly findings: Finding[] = [];

  readonly add = (finding: Finding): void => {
    this.found += 1;
    if (this.findings.length < MAX_FINDINGS) this.findings.push(finding);
  };
}

/** Compares chains of items with the items' versions, many at once. */
class Versions {
  readonly #db: Kysely<Tables>;
  readonly #report: Report;
  readonly #counts = new Map<string, number>();

  constructor(db: Kysely<Tables>, report: Report) {
    this.#db = db;
    this.#report = report;
  }

  async add({ subject, count }: ChainCheck): Promise<void> {
    if (subject.kind === 'feedback' && isUuid(subject.id)) this.#counts.set(subject.id, count);
    if (this.#counts.size >= ROWS_PER_READ) await this.flush();
  }

  async flush(): Promise<void> {
    const ids = [...this.#counts.keys()];
    if (ids.length === 0) return;
    const rows = await this.#db.selectFrom('feedback').select(['id', 'version']).where('id', 'in', ids).execute();
    for (const { id, version } of rows) {
      const count = this.#counts.get(id) ?? 0;
      if (count === version) continue;
      const kind = count < version ? 'missing' : 'inserted';
      const message = `the item is at version ${version}, but its chain has ${count} entries`;
      this.#report.add({ kind, subject_kind: 'feedback', subject_id: id, seq: null, message });
    }
    this.#counts.clear();
  }
}

function isMeant({ since, feedbackId }: VerifyOptions) {
  const isSubject =
    feedbackId === undefined ? sql`true` : sql`a.subject_kind = 'feedback' and a.subject_id = ${feedbackId}`;
  return since === undefined ? isSubject : sql`h.at >= ${since} and ${isSubject}`;
}

async function countEntries(db: Kysely<Tables>, options: VerifyOptions): Promise<number> {
  const { rows } = await sql<{ count: string }>`
    select count(*) as count from audit a left join audit_head h using (subject_kind, subject_id)
    where ${isMeant(options)}`.execute(db);
  return Number(rows[0]?.count);
}

/** All entries, one chain after the other, each from its newest entry. */
async function* readChains(db: Kysely<Tables>, options: VerifyOptions): AsyncGenerator<ChainRow> {
  let last: ChainRow | undefined;
  do {
    throwIfCancelled(options.signal);
    const beyond = last
      ? sql`and (a.subject_kind, a.subject_id, a.seq) < (${last.subject_kind}, ${last.subject_id}, ${last.seq}::bigint)`
      : sql``;
    const { rows } = await sql<ChainRow>`
      select a.*, h.hash as head_hash, h.count as head_count
      from audit a left join audit_head h using (subject_kind, subject_id)
      where ${isMeant(options)} ${beyond}
      order by a.subject_kind desc, a.subject_id desc, a.seq desc limit ${sql.lit(ROWS_PER_READ)}`.execute(db);
    yield* rows;
    last = rows.length === ROWS_PER_READ ? rows.at(-1) : undefined;
  } while (last !== undefined);
}

/** Heads of which no entry is left. */
async function findEmptyChains(db: Kysely<Tables>, options: VerifyOptions, report: Report): Promise<void> {
  let last: { subject_kind: string; subject_id: string } | undefined;
  do {
    throwIfCancelled(options.signal);
    const beyond = last ? sql`and (h.subject_kind, h.subject_id) > (${last.subject_kind}, ${last.subject_id})` : sql``;
    const { rows } = await sql<{ subject_kind: string; subject_id: string; count: number }>`
      select h.subject_kind, h.subject_id, h.count from audit_head h
      left join audit a on a.subject_kind = h.subject_kind and a.subject_id = h.subject_id
      where a.seq is null ${options.since ? sql`and h.at >= ${options.since}` : sql``}
        ${options.feedbackId ? sql`and h.subject_kind = 'feedback' and h.subject_id = ${options.feedbackId}` : sql``} ${beyond}
      order by h.subject_kind, h.subject_id limit ${sql.lit(ROWS_PER_READ)}`.execute(db);
    for (const { count, ...subject } of rows)
      report.add({ kind: 'missing', ...subject, seq: null, message: `all of its ${count} entries are missing` });
    last = rows.length === ROWS_PER_READ ? rows.at(-1) : undefined;
  } while (last !== undefined);
}

/** Items that nothing tells of any more. */
async function findItemsWithout(db: Kysely<Tables>, options: VerifyOptions, report: Report): Promise<void> {
  let last: string | undefined;
  do {
    throwIfCancelled(options.signal);
    const { rows } = await sql<{ id: string }>`
      select f.id from feedback f
      left join audit_head h on h.subject_kind = 'feedback' and h.subject_id = f.id::text
      where h.hash is null ${options.since ? sql`and f.updated_at >= ${options.since}` : sql``}
        ${options.feedbackId ? sql`and f.id = ${options.feedbackId}` : sql``} ${last ? sql`and f.id > ${last}` : sql``}
        and not exists (select 1 from audit a where a.subject_kind = 'feedback' and a.subject_id = f.id::text)
      order by f.id limit ${sql.lit(ROWS_PER_READ)}`.execute(db);
    for (const { id } of rows)
      report.add({
        kind: 'missing',
        subject_kind: 'feedback',
        subject_id: id,
        seq: null,
        message: 'the item is there, but no entry tells of it',
      });
    last = rows.length === ROWS_PER_READ ? rows.at(-1)?.id : undefined;
  } while (last !== undefined);
}

/** Entries of the time whose chain does not claim to have grown since. */
async function findStray(db: Kysely<Tables>, since: Date, report: Report): Promise<void> {
  const { rows } = await sql<{ subject_kind: string; subject_id: string; seq: string }>`
    select a.subject_kind, a.subject_id, a.seq from audit a
    where a.at >= ${since} and not exists (
      select 1 from audit_head h
      where h.subject_kind = a.subject_kind and h.subject_id = a.subject_id and h.at >= ${since})
    order by a.seq limit ${sql.lit(MAX_FINDINGS)}`.execute(db);
  for (const row of rows)
    report.add({ kind: 'inserted', ...row, message: 'it was inserted: the head of its chain is older' });
}
