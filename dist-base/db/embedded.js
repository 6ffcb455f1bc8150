import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../errors.js';
import { lockFolder } from './lock.js';
import { PgliteClient } from './pglite-client.js';
const OWNER_ONLY = 0o700;
/**
 * Locks DATA_DIR and opens `DATA_DIR/db`, making both when they do not exist.
 *
 * @throws AppError `database_locked`, `bad_configuration` (not a database), `file_error`, `storage_full`,
 *   `database_unavailable` (damaged)
 */
export async function openEmbedded({ dataDir, ...options }) {
    await onDisk(() => mkdir(dataDir, { recursive: true, mode: OWNER_ONLY }));
    const lock = await lockFolder(dataDir);
    try {
        const client = await openFolder(path.join(dataDir, 'db'), options);
        return {
            client,
            async [Symbol.asyncDispose]() {
                try {
                    await client[Symbol.asyncDispose]();
                }
                finally {
                    await lock[Symbol.asyncDispose]();
                }
            },
        };
    }
    catch (error) {
        await lock[Symbol.asyncDispose]();
        throw error;
    }
}
/**
 * The mark lies beside the folder from before the first byte until the first start has succeeded: a folder that still
 * has it was never used, and an interrupted initdb starts from nothing.
 */
async function openFolder(folder, options) {
    const mark = `${folder}.unfinished`;
    const isNew = await onDisk(() => prepareFolder(folder, mark));
    if (isNew) {
        // initdb leaves 80 MB behind in its thread, so the service gets another.
        const first = await PgliteClient.open({ folder, ...options });
        await first[Symbol.asyncDispose]();
        await onDisk(() => rm(mark));
    }
    return await PgliteClient.open({ folder, ...options });
}
async function prepareFolder(folder, mark) {
    const beside = await readdir(path.dirname(folder));
    if (beside.includes(path.basename(mark)))
        await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: OWNER_ONLY });
    // PGlite writes its files readable for everybody: the folder is what keeps others out.
    await chmod(folder, OWNER_ONLY);
    const files = await readdir(folder);
    if (files.length === 0) {
        await writeFile(mark, 'The first start of the database beside this file was interrupted.\n');
        return true;
    }
    if (!files.includes('PG_VERSION')) {
        throw new AppError('bad_configuration', `${folder} holds files that are not a database; choose another DATA_DIR.`);
    }
    return false;
}
async function onDisk(work) {
    try {
        return await work();
    }
    catch (error) {
        if (error instanceof AppError)
            throw error;
        const code = error instanceof Error && 'code' in error ? error.code : undefined;
        if (code === 'ENOSPC')
            throw new AppError('storage_full', 'The disk of DATA_DIR is full.', { cause: error });
        throw new AppError('file_error', `DATA_DIR cannot be used (${String(code)}).`, { cause: error });
    }
}
//# sourceMappingURL=embedded.js.map