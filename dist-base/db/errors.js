import { AppError } from '../errors.js';
const RETRY_AFTER_S = 1;
/** Node's codes for a server that cannot be reached or has gone. */
const CONNECTION_CODES = new Set([
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
    'ETIMEDOUT',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENOENT',
]);
/** `pg` gives these no code. */
const CONNECTION_MESSAGES = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered)/;
// No class of SQLSTATE begins with E; Node's EPERM and EPIPE do.
const SQLSTATE = /^[0-9A-DF-Z][0-9A-Z]{4}$/;
const UNIQUE_VIOLATION = '23505';
/**
 * A statement that the database refused.
 *
 * Carries names only: PostgreSQL's own message and detail can repeat stored values, so they are kept just for class 42
 * (syntax, unknown names), where they speak of the statement and not of the data.
 */
export class SqlError extends Error {
    /** SQLSTATE, five characters. */
    code;
    constraint;
    table;
    column;
    constructor(code, parts = {}) {
        const about = [parts.table, parts.column, parts.constraint].filter((name) => name !== undefined).join(' ');
        const reason = code.startsWith('42') && parts.message ? `: ${parts.message}` : '';
        super(`The database refused a statement (SQLSTATE ${code}${about && `, ${about}`})${reason}`);
        this.name = 'SqlError';
        this.code = code;
        this.constraint = parts.constraint;
        this.table = parts.table;
        this.column = parts.column;
    }
}
/** True for the five characters by which PostgreSQL names an error. */
export function isSqlState(code) {
    return code !== undefined && SQLSTATE.test(code);
}
/** True for the statement that a transaction ends with: on a lost connection it asks for what is already so. */
export function isRollback(statement) {
    return /^\s*rollback\s*;?\s*$/i.test(statement);
}
/** True when the error is a unique violation, of the named constraint or index where one is given. */
export function isUniqueViolation(error, constraint) {
    if (!(error instanceof SqlError) || error.code !== UNIQUE_VIOLATION)
        return false;
    return constraint === undefined || error.constraint === constraint;
}
/**
 * The error that callers see in place of a driver's: an AppError for what an operator or a caller can act on, a
 * SqlError for another refused statement. Errors that no driver made come back unchanged.
 */
export function mapDriverError(error) {
    if (!(error instanceof Error) || error instanceof AppError || error instanceof SqlError)
        return error;
    const fields = error;
    const code = fields.code ?? '';
    if (CONNECTION_CODES.has(code) || CONNECTION_MESSAGES.test(error.message))
        return unreachable();
    if (error instanceof AggregateError && error.errors.length > 0)
        return mapDriverError(error.errors[0]);
    return isSqlState(code) ? mapSqlState(code, fields) : error;
}
/** The same for the fields of an error that crossed a thread. */
export function mapSqlState(code, fields) {
    switch (code) {
        case '53100':
            return storageFull();
        case '57014':
        case '55P03':
        case '25P03':
            return new AppError('deadline_exceeded', 'The database did not finish in time.', { retryAfter: RETRY_AFTER_S });
        case '22021':
        case '22P05':
            return new AppError('invalid_input', 'Text must not contain the character U+0000.');
        case '3D000':
            return new AppError('bad_configuration', 'The database named in DATABASE_URL does not exist.');
        case '40001':
        case '40P01':
            return new AppError('database_unavailable', 'Two changes met in the database; try again.', {
                retryAfter: RETRY_AFTER_S,
            });
        default:
            return mapClass(code, fields);
    }
}
function mapClass(code, fields) {
    switch (code.slice(0, 2)) {
        case '08':
        case '53':
        case '57':
            return unreachable();
        case '28':
            return new AppError('bad_configuration', 'PostgreSQL refused the user or password in DATABASE_URL.');
        default:
            return new SqlError(code, fields);
    }
}
export function unreachable() {
    return new AppError('database_unavailable', 'The database cannot be reached.', { retryAfter: RETRY_AFTER_S });
}
export function storageFull() {
    return new AppError('storage_full', 'The disk of the database is full.');
}
//# sourceMappingURL=errors.js.map