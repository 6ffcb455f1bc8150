import { type Command, InvalidArgumentError, Option } from 'commander';
import pino, { type Logger } from 'pino';
import { type Config, loadConfig } from '../config.ts';
import { LANGUAGES, systemLanguage } from './text.ts';

/** What every command gets: settings, a logger, and a signal that Ctrl-C and SIGTERM raise. */
export interface Runtime {
  readonly config: Config;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Log lines hold what this list allows, never what a customer wrote. */
const ERROR_FIELDS = ['type', 'message', 'code', 'stack'] as const;

/**
 * One write per so many bytes (about 25 requests) or milliseconds, not per line. pino writes the rest when the process
 * ends, also by an uncaught error; `kill -9` loses it.
 */
const BUFFER = { minLength: 4_096, periodicFlush: 250 };

/** `interactive` commands talk to a person: they log warnings only, and to standard error. */
export function createRuntime(signal: AbortSignal, kind: 'interactive' | 'service'): Runtime {
  const config = loadConfig();
  const level = kind === 'interactive' && config.LOG_LEVEL === 'info' ? 'warn' : config.LOG_LEVEL;
  const serializers = { err: serializeError };
  const logger = pino(
    { level, serializers, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination(kind === 'interactive' ? { fd: 2, sync: true } : { fd: 1, sync: false, ...BUFFER }),
  );
  return { config, logger, signal };
}

function serializeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const plain = pino.stdSerializers.err(error);
  return Object.fromEntries(
    ERROR_FIELDS.flatMap((field) => (plain[field] === undefined ? [] : [[field, plain[field]]])),
  );
}

export function languageOption(): Option {
  return new Option('--lang <language>', 'language of the output').choices(LANGUAGES).default(systemLanguage());
}

export function wholeNumber(minimum: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < minimum)
      throw new InvalidArgumentError(`must be a whole number from ${minimum}`);
    return number;
  };
}

/** Adds a command to the program. */
export type AddCommand = (program: Command, signal: AbortSignal) => void;
