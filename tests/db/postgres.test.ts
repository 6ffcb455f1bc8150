import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { type Config, loadConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/db/connect.ts';
import { isAppError } from '../../src/errors.ts';
import { openTestDatabase, quiet, TEST_TIMEOUT_MS } from '../_util/db.ts';
import { createTestPostgres } from '../_util/postgres.ts';
import { feedbackRow } from './rows.ts';

const SERVER = process.env.TEST_DATABASE_URL;

describe('PostgreSQL that cannot be reached', { timeout: TEST_TIMEOUT_MS }, () => {
  it('is named as such, with its host and without its password', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    const config = loadConfig({ DATABASE_URL: `postgres://user:hidden-word@127.0.0.1:${port}/db` });
    const error: unknown = await openDatabase({ config, logger: quiet }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'database_unavailable',
      retryAfter: 1,
      message: expect.stringContaining(`127.0.0.1:${port}`),
    });
    expect(`${JSON.stringify(error)} ${String(error)}`).not.toContain('hidden-word');
  });
});

describe.skipIf(!SERVER)('PostgreSQL', { timeout: TEST_TIMEOUT_MS }, () => {
  it('is refused with the reason when the database or the user is unknown', async () => {
    const [database, user] = [new URL(SERVER ?? ''), new URL(SERVER ?? '')];
    database.pathname = '/no_such_database';
    user.username = 'nobody_knows';
    for (const url of [database, user]) {
      const opening = openDatabase({ config: loadConfig({ DATABASE_URL: url.href }), logger: quiet });
      await expect(opening).rejects.toSatisfy((error) => isAppError(error, 'bad_configuration'));
    }
  });

  it('may end a connection in the middle of a transaction: one call fails, the next works', async () => {
    await using test = await openTestDatabase('postgres', { DATABASE_POOL_SIZE: '2' });
    const { kysely } = test.database;
    const interrupted = kysely.transaction().execute(async (trx) => {
      await trx.insertInto('feedback').values(feedbackRow()).execute();
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx);
      await sql`select pg_terminate_backend(${rows[0]?.pid}, 5000)`.execute(kysely);
      await trx.selectFrom('feedback').select('id').execute();
    });
    await expect(interrupted).rejects.toSatisfy((error) => isAppError(error, 'database_unavailable'));
    expect(await kysely.selectFrom('feedback').select('id').execute()).toEqual([]);
  });

  it('may go away and come back: calls fail meanwhile, and work again without a restart', async () => {
    await using postgres = await createTestPostgres(SERVER ?? '');
    await using road = await Road.to(postgres.url);
    await using database = await openDatabase({ config: road.config(), logger: quiet });
    await database.ping();
    await road.close();
    for (let i = 0; i < 3; i++) {
      await expect(database.ping()).rejects.toSatisfy((error) => isAppError(error, 'database_unavailable'));
    }
    await road.open();
    await database.ping();
  });

  it('is not waited for longer than promised when it takes connections but never answers', async () => {
    await using postgres = await createTestPostgres(SERVER ?? '');
    await using road = await Road.to(postgres.url);
    road.silent = true;
    const opening = openDatabase({ config: road.config({ STATEMENT_TIMEOUT_MS: '300' }), logger: quiet });
    await expect(opening).rejects.toSatisfy((error) => isAppError(error, 'database_unavailable'));
  });

  it('gives no connection to a caller who waits too long, and serves the next', async () => {
    await using test = await openTestDatabase('postgres', { DATABASE_POOL_SIZE: '1', STATEMENT_TIMEOUT_MS: '2000' });
    const { kysely } = test.database;
    // Six seconds of work in one connection, and nobody waits longer than two.
    const calls = Array.from({ length: 20 }, () => sql`select pg_sleep(0.3)`.execute(kysely));
    const outcomes = await Promise.allSettled(calls);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    for (const { reason } of refused) expect(isAppError(reason, 'database_unavailable')).toBe(true);
    await test.database.ping();
  });
});

/** A way to the server that can be broken. */
class Road implements AsyncDisposable {
  silent = false;
  readonly #target: URL;
  readonly #sockets = new Set<Socket>();
  #server = createServer();
  #port = 0;

  private constructor(target: URL) {
    this.#target = target;
  }

  static async to(url: string): Promise<Road> {
    const road = new Road(new URL(url));
    await road.open();
    return road;
  }

  config(settings: Record<string, string> = {}): Config {
    const url = new URL(this.#target);
    url.port = String(this.#port);
    return loadConfig({ DATABASE_URL: url.href, ...settings });
  }

  async open(): Promise<void> {
    this.#server = createServer((socket) => this.#forward(socket)).listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #forward(client: Socket): void {
    this.#keep(client);
    if (this.silent) return;
    const server = connect(Number(this.#target.port), this.#target.hostname);
    this.#keep(server);
    client.pipe(server).pipe(client);
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  }
}
