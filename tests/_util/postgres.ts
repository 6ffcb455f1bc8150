import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A PostgreSQL of its own for one test file: made by `scripts/postgres-for-tests.sh` or any other with pgvector. */
export interface TestPostgres extends AsyncDisposable {
  readonly url: string;
  /** Runs a statement as the server's owner, beside the database under test. */
  query<R extends pg.QueryResultRow>(sql: string, parameters?: unknown[]): Promise<R[]>;
}

/** Creates an empty database on the server of `TEST_DATABASE_URL`; disposing of it drops it. */
export async function createTestPostgres(serverUrl: string): Promise<TestPostgres> {
  const name = `triage_${process.pid}_${randomBytes(4).toString('hex')}`;
  const admin = new pg.Client({ connectionString: serverUrl });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    query: async (sql, parameters) => (await admin.query(sql, parameters)).rows,
    async [Symbol.asyncDispose]() {
      await admin.query(`drop database if exists ${name} with (force)`);
      await admin.end();
    },
  };
}
