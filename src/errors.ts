/** Everything that can go wrong in a way that a caller is told about. The edges map these to statuses and exit codes. */
export type ErrorCode =
  | 'bad_request'
  | 'invalid_input'
  | 'unauthorized'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'precondition_failed'
  | 'transition_not_allowed'
  | 'idempotency_in_progress'
  | 'idempotency_mismatch'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'starting'
  | 'overloaded'
  | 'deadline_exceeded'
  | 'encoder_unavailable'
  | 'text_unprocessable'
  | 'model_damaged'
  | 'database_unavailable'
  | 'database_locked'
  | 'schema_too_new'
  | 'storage_full'
  | 'bad_configuration'
  | 'bad_data_file'
  | 'file_error'
  | 'cancelled';

/** One refused field: an RFC 6901 pointer into what was sent, and what would be accepted. */
export interface FieldError {
  readonly pointer: string;
  readonly message: string;
}

/** A failure with a closed code. `message` may be shown to the caller: no input, SQL or stack in it. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly errors: readonly FieldError[];
  /** Seconds after which trying again makes sense. */
  readonly retryAfter: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { errors?: readonly FieldError[]; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.errors = options.errors ?? [];
    this.retryAfter = options.retryAfter;
  }
}

/** What work is ended with because whoever asked for it does not wait any more. */
export function cancelledError(signal: AbortSignal, cause: unknown = signal.reason): AppError {
  return new AppError('cancelled', 'Whoever asked does not wait for the answer any more.', { cause });
}

/** @throws AppError `cancelled` when the signal is aborted */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelledError(signal);
}

export function isAppError(error: unknown, code?: ErrorCode): error is AppError {
  return error instanceof AppError && (code === undefined || error.code === code);
}
