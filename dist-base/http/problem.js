import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';
import { AppError } from '../errors.js';
/** RFC 9457, with a closed `code` for programs and one entry per refused field. */
export const problemSchema = z.object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    errors: z.array(z.object({ pointer: z.string(), message: z.string() })).optional(),
    requestId: z.string().optional(),
});
const STATUS = {
    bad_request: [400, 'The request cannot be read'],
    unauthorized: [401, 'A key is needed'],
    not_found: [404, 'Not found'],
    method_not_allowed: [405, 'The method is not allowed here'],
    conflict: [409, 'Conflict'],
    idempotency_in_progress: [409, 'The first request is still running'],
    payload_too_large: [413, 'The request is too large'],
    unsupported_media_type: [415, 'The content type is not accepted'],
    invalid_input: [422, 'The input is not valid'],
    idempotency_mismatch: [422, 'The idempotency key belongs to another request'],
    overloaded: [503, 'Too busy'],
    deadline_exceeded: [503, 'It took too long'],
    encoder_unavailable: [503, 'The encoder is not available'],
    database_unavailable: [503, 'The database is not available'],
    storage_full: [507, 'The disk is full'],
    cancelled: [503, 'The service is stopping'],
    model_damaged: [500, 'Internal error'],
    database_locked: [500, 'Internal error'],
    schema_too_new: [500, 'Internal error'],
    bad_configuration: [500, 'Internal error'],
    bad_data_file: [500, 'Internal error'],
    file_error: [500, 'Internal error'],
    internal: [500, 'Internal error'],
};
/** More problems than this are counted, not listed: a large bad body must not get a larger answer. */
const MAX_ERRORS = 20;
const MAX_POINTER_PART = 100;
const INTERNAL_DETAIL = 'Something went wrong on our side. It was logged under the request id.';
/** What is told of an error. What is not an `AppError` or is our own fault is told as a plain internal error. */
export function toProblem(error, requestId) {
    const id = requestId === undefined ? {} : { requestId };
    if (error instanceof AppError && STATUS[error.code][0] !== 500) {
        const [status, title] = STATUS[error.code];
        const errors = error.errors.length > 0 ? { errors: [...error.errors] } : {};
        return {
            problem: { ...problem(status, title, error.code, error.message), ...errors, ...id },
            retryAfter: error.retryAfter,
        };
    }
    if (error instanceof HTTPException && error.status < 500) {
        return {
            problem: { ...problem(error.status, 'The request was refused', 'bad_request', error.message), ...id },
            retryAfter: undefined,
        };
    }
    return { problem: { ...problem(500, 'Internal error', 'internal', INTERNAL_DETAIL), ...id }, retryAfter: undefined };
}
/** Answers with a problem document. */
export function sendProblem(c, error) {
    const { problem: body, retryAfter } = toProblem(error, c.get('requestId'));
    c.header('Content-Type', 'application/problem+json');
    if (retryAfter !== undefined)
        c.header('Retry-After', String(Math.max(1, Math.ceil(retryAfter))));
    else if (body.status === 503)
        c.header('Retry-After', '1');
    if (body.status === 401)
        c.header('WWW-Authenticate', 'Bearer');
    return c.body(JSON.stringify(body), body.status);
}
/** The refusal of a value that does not fit its schema: one entry per problem, with a pointer to the field. */
export function invalidInput(error, prefix = '') {
    const all = error.issues.flatMap((issue) => fieldErrors(issue, prefix));
    const errors = all.slice(0, MAX_ERRORS);
    const fields = errors.map(({ pointer }) => pointer || '/').join(', ');
    const more = all.length > errors.length ? ` and ${all.length - errors.length} more` : '';
    return new AppError('invalid_input', `Not accepted: ${fields}${more}.`, { errors });
}
function fieldErrors(issue, prefix) {
    const pointer = prefix + issue.path.map(pointerPart).join('');
    if (issue.code === 'unrecognized_keys') {
        return issue.keys.map((key) => ({ pointer: pointer + pointerPart(key), message: 'is not a known field' }));
    }
    if (issue.code === 'invalid_key')
        return [{ pointer, message: issue.issues[0]?.message ?? issue.message }];
    return [{ pointer, message: issue.message }];
}
/** One step of a pointer (RFC 6901), cut where a sender's own name is too long to repeat. */
function pointerPart(part) {
    return `/${String(part).slice(0, MAX_POINTER_PART).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
function problem(status, title, code, detail) {
    return { type: `urn:feedback-triage:problem:${code}`, title, status, code, detail };
}
//# sourceMappingURL=problem.js.map