import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { isSqlState } from './errors.js';
const { folder } = workerData;
/** PostgreSQL's log: read for the reason of a failed start and for a full disk, never passed on while rows are in play. */
let reasons = [];
let diskFull = false;
function watchLog(line) {
    if (line.includes('No space left on device'))
        diskFull = true;
    const reason = /(?:FATAL|PANIC|DETAIL|^postgres): +(.*)/.exec(line)?.[1];
    if (reason)
        reasons.push(reason);
    return false;
}
function send(reply) {
    parentPort?.postMessage(reply);
}
/** Opens the folder. Values cross threads as PostgreSQL's text (`values.ts` reads and writes them for both engines). */
async function open() {
    const db = await PGlite.create({ dataDir: folder, extensions: { vector }, onStderr: watchLog });
    const asText = (value) => value;
    for (const type of Object.keys(db.parsers))
        db.parsers[type] = asText;
    for (const type of Object.keys(db.serializers))
        db.serializers[type] = asText;
    return db;
}
async function run(db, request) {
    switch (request.kind) {
        case 'query':
            return [toResult(await db.query(request.sql, request.parameters, { rowMode: 'array' }))];
        case 'exec':
            return (await db.exec(request.sql, { rowMode: 'array' })).map(toResult);
        case 'close':
            await db.close();
            return [];
    }
}
function toResult(result) {
    return {
        command: result.command ?? '',
        affectedRows: result.affectedRows ?? 0,
        fields: result.fields.map((field) => ({ name: field.name, typeId: field.dataTypeID })),
        rows: result.rows,
    };
}
async function answer(db, request) {
    diskFull = false;
    try {
        const results = await run(db, request);
        const inTransaction = request.kind !== 'close' && db.isInTransaction();
        send({ kind: 'done', id: request.id, results, inTransaction });
    }
    catch (error) {
        refuse(db, request.id, error);
    }
    if (request.kind === 'close')
        parentPort?.close();
}
function refuse(db, id, cause) {
    // Only some fields may leave: PGlite hangs the statement and its parameters on its errors.
    const { message, code, constraint, table, column } = cause instanceof Error ? cause : {};
    const severity = cause instanceof Error && 'severity' in cause ? cause.severity : undefined;
    // An error that PostgreSQL did not raise, or after which it would have ended: its memory is not to be trusted.
    if (!isSqlState(code) || severity === 'PANIC' || severity === 'FATAL') {
        send({ kind: 'broken', fault: { diskFull: diskFull || code === '53100', reason: '' } });
        return;
    }
    send({
        kind: 'refused',
        id,
        error: { message, code, constraint, table, column },
        inTransaction: db.isInTransaction(),
    });
}
try {
    const db = await open();
    reasons = [];
    let previous = Promise.resolve();
    parentPort?.on('message', (request) => {
        previous = previous.then(() => answer(db, request));
    });
    send({ kind: 'ready' });
}
catch (error) {
    const text = error instanceof Error ? error.message : 'the folder cannot be read';
    send({ kind: 'broken', fault: { diskFull, reason: reasons.slice(-2).join(' ') || text } });
}
//# sourceMappingURL=pglite-worker.js.map