import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/db/connect.ts';
import { makePgliteConfig, OPEN_TIMEOUT_MS, quiet } from '../_util/db.ts';
import { Child } from './child.ts';

/** More for a chaos run: KILLS=200. */
const KILLS = Number(process.env.KILLS ?? 5);

describe('the embedded database, killed with -9', () => {
  it('has every acknowledged row and no half of a transaction', {
    timeout: OPEN_TIMEOUT_MS + KILLS * 30_000,
  }, async () => {
    await using folder = await makePgliteConfig();
    const acknowledged: string[] = [];
    for (let round = 0; round < KILLS; round++) {
      await using child = new Child('insert-loop.fixture.ts', [folder.config.DATA_DIR]);
      // Every third one dies while it starts, that is while it recovers from the kill before.
      const lines = round % 3 === 2 ? 0 : 1 + Math.floor(Math.random() * 40);
      await child.untilLines(lines);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * (lines === 0 ? 1_500 : 30)));
      await child.kill();
      acknowledged.push(...child.lines.filter((line) => line !== 'ready'));
    }
    expect(acknowledged.length).toBeGreaterThan(0);

    await using database = await openDatabase({ config: folder.config, logger: quiet });
    const { kysely } = database;
    const kept = new Set((await kysely.selectFrom('feedback').select('id').execute()).map((row) => row.id));
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);

    const halves = await sql`select f.id, o.subject_id from feedback f full join outbox o on o.subject_id = f.id::text
      where f.id is null or o.subject_id is null`.execute(kysely);
    expect(halves.rows).toEqual([]);
    // Building them anew reads every row and fails on a broken or doubled one.
    await sql`reindex table feedback`.execute(kysely);
    await sql`reindex table outbox`.execute(kysely);
    const seqs = await sql<{ n: string; top: string }>`select count(*) as n, max(seq) as top from outbox`.execute(
      kysely,
    );
    const next = await kysely
      .insertInto('outbox')
      .values({ at: new Date(), event: 'e', subject_id: 's', payload: '{}' })
      .returning('seq')
      .executeTakeFirstOrThrow();
    expect(Number(next.seq)).toBeGreaterThan(Number(seqs.rows[0]?.top));
    expect(Number(seqs.rows[0]?.n)).toBe(kept.size);
  });
});
