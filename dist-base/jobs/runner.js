import { fromPglite, PgBoss } from 'pg-boss';
import { hasForeignVectors } from './reembed.js';
import { HANDLERS, TASKS } from './tasks.js';
const STOP_TIMEOUT_MS = 8_000;
const POLL_SECONDS = 2;
/** Starts the workers of every task and the schedule. */
export async function startJobs(context) {
    const { database, logger } = context;
    const stopping = new AbortController();
    const boss = new PgBoss({
        db: bossDatabase(database),
        backend: database.engine === 'pglite' ? 'pglite' : 'postgres',
    });
    boss.on('error', (error) => logger.warn({ err: error }, 'job queue'));
    await boss.start();
    for (const name of Object.keys(TASKS))
        await startTask(boss, name, context, stopping.signal);
    const runner = {
        async enqueue(name) {
            await boss.send(name, {}, { singletonKey: name });
        },
        async [Symbol.asyncDispose]() {
            stopping.abort();
            await boss.stop({ graceful: true, timeout: STOP_TIMEOUT_MS, close: false });
        },
    };
    if (await hasForeignVectors(context)) {
        logger.info('stored vectors belong to another encoder; a job embeds them anew');
        await runner.enqueue('feedback.reembed');
    }
    return runner;
}
async function startTask(boss, name, context, signal) {
    const { payload, cron } = TASKS[name];
    await boss.createQueue(name, { policy: 'short', retryLimit: 5, retryBackoff: true, expireInSeconds: 3_600 });
    await boss.work(name, { batchSize: 1, pollingIntervalSeconds: POLL_SECONDS }, async (jobs) => {
        for (const job of jobs) {
            await HANDLERS[name](context, payload.parse(job.data ?? {}), signal);
        }
    });
    if (cron !== undefined)
        await boss.schedule(name, cron);
}
function bossDatabase(database) {
    if (database.engine === 'pglite')
        return fromPglite(database.client);
    return { executeSql: (text, values) => database.client.query(text, values) };
}
//# sourceMappingURL=runner.js.map