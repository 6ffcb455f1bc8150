import path from 'node:path';
import { PROJECT_ROOT } from './config.ts';
import { SqlError } from './db/errors.ts';
import { AppError } from './errors.ts';

/** What a log line holds of an error. */
export interface LoggedError {
  readonly type: string;
  readonly code?: string;
  /** Of our own errors only: these are written so that no input is in them. */
  readonly message?: string;
  /** Places in our own code, innermost first, relative to the project. */
  readonly stack: readonly string[];
}

const OWN_FOLDERS = ['src', 'dist'].map((folder) => path.join(PROJECT_ROOT, folder) + path.sep);
const MAX_FRAMES = 20;
const CODE = /^[\w.-]{1,64}$/u;

/**
 * An error as it may be logged. Libraries and the engine quote what they were given (`JSON.parse`, the tokenizer, a
 * driver), so of their errors only name, code and our own places on the way are kept, never the message.
 */
export function describeError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, stack: [] };
  const code = 'code' in error ? String(error.code) : '';
  const isOwn = error instanceof AppError || error instanceof SqlError;
  return {
    type: error.constructor.name,
    ...(CODE.test(code) && { code }),
    ...(isOwn && { message: error.message }),
    stack: ownFrames(error.stack ?? '', error.message),
  };
}

/** Frames within our folders; the message, which stands before them, may look like one. */
function ownFrames(stack: string, message: string): string[] {
  const start = stack.indexOf(message);
  const frames = start < 0 ? stack : stack.slice(start + message.length);
  return frames
    .split('\n')
    .flatMap((line) => {
      const place = /^ {4}at (?:.*\()?(?:file:\/\/)?(\/[^()]*?:\d+:\d+)\)?$/u.exec(line)?.[1];
      return place !== undefined && OWN_FOLDERS.some((folder) => place.startsWith(folder))
        ? [path.relative(PROJECT_ROOT, place)]
        : [];
    })
    .slice(0, MAX_FRAMES);
}
