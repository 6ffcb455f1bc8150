import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../src/db/connect.ts';
import { confirmVaultKey } from '../../src/db/vault-key.ts';
import { openVault } from '../../src/vault.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS, openTestDatabase, type TestDatabase } from '../_util/db.ts';
import { insertItems } from './rows.ts';

const [OURS, OTHERS] = ['5e'.repeat(32), 'a1'.repeat(32)];
const refusal = { code: 'bad_configuration', errors: [{ pointer: 'VAULT_KEY' }] };

describeOnEngines('the vault key of a database', (engine) => {
  let test: TestDatabase;
  let db: Database['kysely'];
  beforeAll(async () => {
    test = await openTestDatabase(engine);
    db = test.database.kysely;
  }, OPEN_TIMEOUT_MS);
  afterAll(async () => await test[Symbol.asyncDispose]());
  beforeEach(async () => {
    await sql`truncate feedback, pii_vault, setting cascade`.execute(db);
  });

  const start = async (VAULT_KEY: string) => {
    await confirmVaultKey(db, await openVault({ VAULT_KEY, DATA_DIR: 'unused' }));
  };

  it('is the first one, again and again, and no other', async () => {
    await start(OURS);
    await start(OURS);
    await expect(start(OTHERS)).rejects.toMatchObject(refusal);
    await start(OURS);
  });

  it('is not told by what is kept of it', async () => {
    await start(OURS);
    const { keyId } = await openVault({ VAULT_KEY: OURS, DATA_DIR: 'unused' });
    const [row, ...rest] = await db.selectFrom('setting').selectAll().execute();
    expect(rest).toEqual([]);
    expect(row?.value).toMatch(/^[0-9a-f]{64}$/);
    expect(row?.value).not.toContain(keyId);
  });

  it('is one of two that start together', async () => {
    const started = await Promise.allSettled([OURS, OTHERS, OURS, OTHERS].map(start));
    expect(started.map(({ status }) => status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
    expect(started[0]?.status).toBe(started[2]?.status);
  });

  it('is the one that sealed what a database without the mark holds', async () => {
    const [feedback_id = ''] = await insertItems(test.database, 1);
    const { keyId } = await openVault({ VAULT_KEY: OURS, DATA_DIR: 'unused' });
    await sql`delete from pii_vault`.execute(db);
    await db
      .insertInto('pii_vault')
      .values({ feedback_id, key_id: keyId, sealed: Buffer.from('x') })
      .execute();
    await expect(start(OTHERS)).rejects.toMatchObject(refusal);
    expect(await db.selectFrom('setting').select('name').execute()).toEqual([]);
    await start(OURS);
    await expect(start(OTHERS)).rejects.toMatchObject(refusal);
  });
});
