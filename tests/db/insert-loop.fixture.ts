import { loadConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/db/connect.ts';
import { quiet } from '../_util/db.ts';
import { feedbackRow } from './rows.ts';

/* Inserts until it is killed; prints `ready`, then each id after its commit was acknowledged. */
const config = loadConfig({ DATA_DIR: process.argv[2] });
const { kysely } = await openDatabase({ config, logger: quiet });
process.stdout.write('ready\n');
for (;;) {
  const row = feedbackRow({ body: '字'.repeat(1 + Math.floor(Math.random() * 5_000)) });
  await kysely.transaction().execute(async (trx) => {
    await trx.insertInto('feedback').values(row).execute();
    const event = { at: new Date(), event: 'created', subject_id: row.id, payload: '{}' };
    await trx.insertInto('outbox').values(event).execute();
  });
  process.stdout.write(`${row.id}\n`);
}
