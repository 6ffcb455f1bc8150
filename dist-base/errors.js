/** A failure with a closed code. `message` may be shown to the caller: no input, SQL or stack in it. */
export class AppError extends Error {
    code;
    errors;
    /** Seconds after which trying again makes sense. */
    retryAfter;
    constructor(code, message, options = {}) {
        super(message, options.cause === undefined ? undefined : { cause: options.cause });
        this.name = 'AppError';
        this.code = code;
        this.errors = options.errors ?? [];
        this.retryAfter = options.retryAfter;
    }
}
export function isAppError(error, code) {
    return error instanceof AppError && (code === undefined || error.code === code);
}
//# sourceMappingURL=errors.js.map