import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { appendAudit } from '../../src/feedback/append-audit.ts';
import { FIRST_HASH, hashEntry } from '../../src/feedback/audit-entry.ts';
import { type AuditReport, type VerifyOptions, verifyAudit } from '../../src/feedback/verify-audit.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';
import { Items } from '../_util/items.ts';
import { expectProblem } from '../_util/problem.ts';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-11-02T08:00:00Z');

describeOnEngines('the audit', (engine) => {
  let service: TestService;
  let items: Items;
  let id: string;
  let clock = START;
  beforeAll(async () => {
    service = await openTestService({ engine, now: () => new Date(clock) });
    items = new Items(service);
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());
  beforeEach(async () => {
    clock = START;
    await sql`truncate feedback, audit, audit_head, outbox restart identity cascade`.execute(service.database.kysely);
    id = await items.submit('充值没到账');
    await items.submit('The chart is blank since the update');
    await items.done(id, 'transitions', { to: 'replied', reason: '已答复' });
    await items.done(id, 'notes', { text: '等财务' });
    await items.done(id, 'transitions', { to: 'resolved', resolution: 'solved' });
    await service.database.kysely.transaction().execute(async (tx) => {
      const facts = {
        actor: { kind: 'local' } as const,
        action: 'model.activated',
        subjectKind: 'model',
        subjectId: 'x',
      };
      for (const version of ['a', 'b', 'c'])
        await appendAudit(tx, { ...facts, at: new Date(clock), change: { version } });
    });
  });

  const verify = (options: VerifyOptions = {}): Promise<AuditReport> =>
    service.database.kysely
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute((tx) => verifyAudit(tx, options));
  const entries = () => items.audit(id);
  const db = () => service.database.kysely;
  const shortly = ({ findings }: AuditReport) => findings.map(({ kind, subject_id, seq }) => [kind, subject_id, seq]);
  /** Puts an entry in that follows from the one before as it should. */
  const plant = async (after: { hash: string; seq: string }, seq: string, at = new Date(clock)) => {
    const facts = {
      at,
      actor: { kind: 'local' },
      action: 'feedback.noted',
      subjectKind: 'feedback',
      subjectId: id,
      change: {},
    };
    await sql`insert into audit (seq, at, actor, action, subject_kind, subject_id, change, prev_hash, hash)
      overriding system value values (${seq}, ${at}, '{"kind":"local"}', 'feedback.noted', 'feedback', ${id}, '{}',
        ${after.hash}, ${hashEntry(facts, after.hash)})`.execute(db());
  };

  test('that nobody touched is whole', async () => {
    const steps: number[] = [];
    const report = await verify({ onProgress: (done, total) => steps.push(done / total) });
    expect(report).toEqual({ entries: 10, subjects: 3, found: 0, findings: [] });
    expect(steps.at(-1)).toBe(1);
    const answer = await service.request(`/v1/audit/verify?subject=${id}`);
    expect(await answer.json()).toEqual({ subject: id, whole: true, entries: 5, findings: [] });
    await expect(verify({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
  });

  test.each<[string, (seqs: { seq: string; hash: string; prev_hash: string }[]) => Promise<unknown>, [string, number]]>(
    [
      [
        'an edited reason',
        ([, , at]) => sql`update audit set change = change || '{"reason":"x"}' where seq = ${at?.seq}`.execute(db()),
        ['edited', 2],
      ],
      [
        'another actor',
        ([at]) => sql`update audit set actor = '{"kind":"local","x":1}' where seq = ${at?.seq}`.execute(db()),
        ['edited', 0],
      ],
      [
        'another time',
        ([, , , , at]) => sql`update audit set at = at - interval '1 hour' where seq = ${at?.seq}`.execute(db()),
        ['edited', 4],
      ],
      [
        'a rewritten entry with its hash',
        async ([, , at]) => {
          const row = (await entries())[2];
          if (row === undefined || at === undefined) throw new Error('no entry');
          const change = { forged: true };
          const facts = { ...row, change, subjectKind: row.subject_kind, subjectId: row.subject_id };
          await sql`update audit set change = ${JSON.stringify(change)}::jsonb, hash = ${hashEntry(facts, at.prev_hash)}
        where seq = ${at.seq}`.execute(db());
        },
        ['edited', 2],
      ],
      ['the first entry gone', ([at]) => sql`delete from audit where seq = ${at?.seq}`.execute(db()), ['missing', 1]],
      [
        'one in the middle gone',
        ([, , at]) => sql`delete from audit where seq = ${at?.seq}`.execute(db()),
        ['missing', 1],
      ],
      [
        'the last one gone',
        ([, , , , at]) => sql`delete from audit where seq = ${at?.seq}`.execute(db()),
        ['missing', 3],
      ],
    ],
  )('%s is found where it is', async (_, tamper, [kind, place]) => {
    const before = await entries();
    await tamper(before);
    const report = await verify();
    expect(shortly(report)).toContainEqual([kind, id, before[place]?.seq]);
    expect(new Set(report.findings.map((finding) => finding.subject_id))).toEqual(new Set([id]));
    const answer = await service.request(`/v1/audit/verify?subject=${id}`);
    expect(await answer.json()).toMatchObject({ whole: false });
  });

  test('entries that were put in, at the end, between others and before all, are found', async () => {
    const before = await entries();
    const [first, last] = [before[1], before[4]];
    if (first === undefined || last === undefined) throw new Error('no entries');
    // The entry of another item came between, and its number is free once it is moved.
    await plant(last, '900');
    await sql`update audit set seq = default where seq = 4`.execute(db());
    await plant(first, '4');
    await plant({ hash: FIRST_HASH, seq: '0' }, '0');
    expect(shortly(await verify())).toEqual([
      ['inserted', id, '900'],
      ['inserted', id, '4'],
      ['inserted', id, '0'],
    ]);
  });

  test('a whole chain that is gone is found, and so is one that lost its head', async () => {
    await sql`delete from audit where subject_id = ${id}`.execute(db());
    expect(shortly(await verify())).toEqual([['missing', id, null]]);
    await sql`delete from audit_head where subject_id = ${id}`.execute(db());
    const report = await verify();
    expect(report.findings).toMatchObject([
      { kind: 'missing', subject_id: id, message: expect.stringContaining('no entry') },
    ]);
    await sql`delete from audit_head where subject_id = 'x'`.execute(db());
    expect(shortly(await verify()).map(([, subject]) => subject)).toEqual(['x', id]);
  });

  test('the end that is cut off with its head is found by the version of the item, and by the head elsewhere', async () => {
    const before = await entries();
    await sql`delete from audit where seq = ${before[4]?.seq}`.execute(db());
    await sql`update audit_head set hash = ${before[3]?.hash}, count = 4 where subject_id = ${id}`.execute(db());
    expect(shortly(await verify())).toEqual([['missing', id, null]]);
    await sql`delete from audit where subject_id = 'x' and seq = (select max(seq) from audit)`.execute(db());
    expect(shortly(await verify()).map(([kind, subject]) => [kind, subject])).toEqual([
      ['missing', 'x'],
      ['missing', id],
    ]);
  });

  test('since a time: only chains that grew, and what was planted in others', async () => {
    const since = new Date(START + DAY_MS);
    const before = await entries();
    await sql`update audit set change = '{}' where subject_id = 'x'`.execute(db());
    expect(await verify({ since })).toMatchObject({ entries: 0, found: 0 });
    clock += DAY_MS;
    const other = await items.submit('How do I export my trades?');
    expect(await verify({ since })).toMatchObject({ entries: 2, subjects: 1, found: 0 });
    const last = before[4];
    if (last === undefined) throw new Error('no entry');
    await plant(last, '900');
    expect(shortly(await verify({ since }))).toEqual([['inserted', id, '900']]);
    await sql`update audit set action = 'x' where subject_id = ${other}`.execute(db());
    expect((await verify({ since })).found).toBe(3);
  });

  test('is verified in bounded pieces, and names a thousand findings at most', async () => {
    await sql`insert into audit (at, actor, action, subject_kind, subject_id, change, prev_hash, hash)
      select now(), '{}', 'x', 'stray', 's' || n, '{}', repeat('0', 64), 'h' || n from generate_series(1, 1500) n`.execute(
      db(),
    );
    const report = await verify();
    expect([report.entries, report.findings.length]).toEqual([1_510, 1_000]);
    expect(report.found).toBeGreaterThanOrEqual(1_500);
  });

  test('history tells it in both languages, paged, and knows what it does not know', async () => {
    const page = await items.get(id, 'history?limit=3');
    const rest = await items.get(id, `history?cursor=${page.next_cursor}`);
    const all = [...page.items, ...rest.items];
    expect(all.map(({ action }) => action)).toEqual(await items.actions(id));
    expect(all[2]?.summary).toEqual({ zh: '由“待处理”变为“已回复”', en: 'From assigned to replied' });
    expect(all[4]?.summary).toEqual({
      zh: '由“已回复”变为“已解决”（问题已解决）',
      en: 'From replied to resolved (solved)',
    });
    await sql`update audit set action = 'feedback.unheard_of' where seq = ${all[1]?.seq}`.execute(db());
    expect((await items.get(id, 'history')).items[1]?.summary).toEqual({
      zh: '变更：feedback.unheard_of',
      en: 'Change: feedback.unheard_of',
    });
  });

  test('of nothing is not found', async () => {
    const nowhere = '01a20162-58db-746b-8ed4-46b9e0bc5972';
    for (const path of [`/v1/audit/verify?subject=${nowhere}`, `/v1/feedback/${nowhere}/history`])
      await expectProblem(await service.request(path), { status: 404, code: 'not_found' });
    const refused = await service.request('/v1/audit/verify?subject=all');
    await expectProblem(refused, { status: 422, code: 'invalid_input', pointers: ['/subject'] });
  });
});
