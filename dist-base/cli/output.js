import { randomUUID } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { AppError } from '../errors.js';
/** @throws AppError `file_error` when the folder cannot be written to, `storage_full` when the disk is full */
export async function openOutput(file) {
    if (file === undefined)
        return undefined;
    const present = await stat(file).catch(() => undefined);
    if (present?.isDirectory())
        throw new AppError('file_error', `${file} cannot be written: it is a folder.`);
    const temporary = `${file}.${randomUUID()}.part`;
    const handle = await open(temporary, 'wx').catch((cause) => {
        throw new AppError('file_error', `${file} cannot be written: the folder is missing or not writable.`, { cause });
    });
    let committed = false;
    return {
        async write(text) {
            await handle.write(text).catch(explainFull);
        },
        async commit() {
            await handle.sync().catch(explainFull);
            await handle.close();
            await rename(temporary, file);
            committed = true;
        },
        async [Symbol.asyncDispose]() {
            if (committed)
                return;
            await handle.close();
            await rm(temporary, { force: true });
        },
    };
}
function explainFull(error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
        throw new AppError('storage_full', 'The disk is full; the output file was not written.', { cause: error });
    }
    throw error;
}
//# sourceMappingURL=output.js.map