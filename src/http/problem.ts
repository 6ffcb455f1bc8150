import type { Context as HonoContext } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';
import { AppError, type ErrorCode } from '../errors.ts';
import { fieldErrorsOf } from '../field-errors.ts';
import { answer } from './answer.ts';
import type { HttpEnv } from './env.ts';

const STATUS: Readonly<Record<ErrorCode | 'internal', [status: number, title: string]>> = {
  bad_request: [400, 'The request cannot be read'],
  unauthorized: [401, 'A key is needed'],
  not_found: [404, 'Not found'],
  method_not_allowed: [405, 'The method is not allowed here'],
  conflict: [409, 'Conflict'],
  transition_not_allowed: [409, 'The item cannot go there from where it stands'],
  precondition_failed: [412, 'The item has changed meanwhile'],
  idempotency_in_progress: [409, 'The first request is still running'],
  payload_too_large: [413, 'The request is too large'],
  unsupported_media_type: [415, 'The content type is not accepted'],
  invalid_input: [422, 'The input is not valid'],
  text_unprocessable: [422, 'The text cannot be processed'],
  idempotency_mismatch: [422, 'The idempotency key belongs to another request'],
  starting: [503, 'The service is starting'],
  overloaded: [503, 'Too busy'],
  deadline_exceeded: [503, 'It took too long'],
  encoder_unavailable: [503, 'The encoder is not available'],
  database_unavailable: [503, 'The database is not available'],
  storage_full: [507, 'The disk is full'],
  // nginx's number for it; nobody is left to read the answer, so that it is seen in logs and metrics only.
  cancelled: [499, 'The client closed the request'],
  model_damaged: [500, 'Internal error'],
  database_locked: [500, 'Internal error'],
  schema_too_new: [500, 'Internal error'],
  bad_configuration: [500, 'Internal error'],
  bad_data_file: [500, 'Internal error'],
  file_error: [500, 'Internal error'],
  internal: [500, 'Internal error'],
};
const CODES = Object.entries(STATUS)
  .filter(([code, [status]]) => code === 'internal' || (status !== 500 && status !== 499))
  .map(([code]) => `\`${code}\``)
  .join(', ');
/** More problems than this are counted, not listed: a large bad body must not get a larger answer. */
const MAX_ERRORS = 20;
const INTERNAL_DETAIL = 'Something went wrong on our side. It was logged under the request id.';

/** RFC 9457, with a closed `code` for programs and one entry per refused field. */
export const problemSchema = z
  .object({
    type: z.string().describe('`urn:feedback-triage:problem:` and the code.'),
    title: z.string(),
    status: z.int(),
    code: z.string().describe(`For programs, one of ${CODES}.`),
    detail: z.string(),
    errors: z
      .array(
        z.object({
          pointer: z.string().describe('JSON Pointer (RFC 6901) to the refused field.'),
          message: z.string().describe('Why it is refused and what is accepted.'),
        }),
      )
      .optional(),
    requestId: z.string().optional().describe('Also in the header X-Request-Id, and in the log.'),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;

interface ProblemParts {
  readonly problem: Problem;
  readonly retryAfter: number | undefined;
}

/** The short title of a code. */
export function titleOf(code: ErrorCode | 'internal'): string {
  return STATUS[code][1];
}

/** What is told of an error. What is not an `AppError` or is our own fault is told as a plain internal error. */
export function toProblem(error: unknown, requestId?: string): ProblemParts {
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
export function sendProblem(
  c: HonoContext<HttpEnv>,
  error: unknown,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const { problem: body, retryAfter } = toProblem(error, c.get('requestId'));
  const own: Record<string, string> = { ...headers };
  if (retryAfter !== undefined) own['Retry-After'] = String(Math.max(1, Math.ceil(retryAfter)));
  else if (body.status === 503) own['Retry-After'] = '1';
  if (body.status === 401) own['WWW-Authenticate'] = 'Bearer';
  return answer(c, JSON.stringify(body), 'application/problem+json', body.status, own);
}

/** The same error with its pointers below `prefix`: a part of what was sent, told in the place of the whole. */
export function below(prefix: string, error: unknown): unknown {
  if (!(error instanceof AppError) || error.errors.length === 0) return error;
  const { code, message, retryAfter, cause } = error;
  const errors = error.errors.map((field) => ({ ...field, pointer: prefix + field.pointer }));
  return new AppError(code, message, { errors, cause, ...(retryAfter !== undefined && { retryAfter }) });
}

/** The refusal of a value that does not fit its schema: one entry per problem, with a pointer to the field. */
export function invalidInput(error: z.ZodError, prefix = ''): AppError {
  const all = fieldErrorsOf(error, prefix);
  const errors = all.slice(0, MAX_ERRORS);
  const fields = errors.map(({ pointer }) => pointer || 'what was sent as a whole').join(', ');
  const more = all.length > errors.length ? ` and ${all.length - errors.length} more` : '';
  return new AppError('invalid_input', `Not accepted: ${fields}${more}.`, { errors });
}

function problem(status: number, title: string, code: string, detail: string): Problem {
  return { type: `urn:feedback-triage:problem:${code}`, title, status, code, detail };
}
