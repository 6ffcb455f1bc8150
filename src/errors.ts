/** Everything that can go wrong in a way that a caller is told about. The edges map these to statuses and exit codes. */
export type ErrorCode =
  | 'bad_request'
  | 'invalid_input'
  | 'unauthorized'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'idempotency_in_progress'
  | 'idempotency_mismatch'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'overloaded'
  | 'deadline_exceeded'
  | 'encoder_unavailable'
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

export function isAppError(error: unknown, code?: ErrorCode): error is AppError {
  return error instanceof AppError && (code === undefined || error.code === code);
}
