import { AppError } from '../errors.js';
/** What a command ends with; the numbers are those of sysexits.h where it has one. */
export const EXIT = {
    ok: 0,
    failed: 1,
    usage: 2,
    badLines: 65,
    noInput: 66,
    unavailable: 69,
    internal: 70,
    storage: 74,
    busy: 75,
    configuration: 78,
    interrupted: 130,
};
const BY_CODE = {
    file_error: EXIT.noInput,
    database_unavailable: EXIT.unavailable,
    encoder_unavailable: EXIT.unavailable,
    model_damaged: EXIT.configuration,
    bad_configuration: EXIT.configuration,
    bad_data_file: EXIT.configuration,
    schema_too_new: EXIT.configuration,
    database_locked: EXIT.busy,
    storage_full: EXIT.storage,
    cancelled: EXIT.interrupted,
};
/** The exit code and the message for an error that ended a command. */
export function explain(error) {
    if (error instanceof AppError)
        return { code: BY_CODE[error.code] ?? EXIT.failed, message: error.message };
    if (error instanceof Error) {
        const code = 'code' in error ? error.code : undefined;
        if (code === 'ENOSPC')
            return { code: EXIT.storage, message: 'The disk is full; nothing was written.' };
        if (code === 'EADDRINUSE')
            return {
                code: EXIT.unavailable,
                message: 'The port is in use. Choose another one with PORT, or stop what uses it.',
            };
        if (code === 'EACCES')
            return { code: EXIT.unavailable, message: `Not allowed: ${error.message}` };
        return { code: EXIT.internal, message: error.stack ?? error.message };
    }
    return { code: EXIT.internal, message: String(error) };
}
//# sourceMappingURL=exit.js.map