import { TextDecoder } from 'node:util';
import { type Command, InvalidArgumentError, Option } from 'commander';
import pino, { type Logger } from 'pino';
import { z } from 'zod';
import { type Config, loadConfig } from '../config.ts';
import { describeError } from '../error-log.ts';
import { EXIT } from './exit.ts';
import { LANGUAGES, systemLanguage } from './text.ts';

/** What every command gets: settings, a logger, and a signal that Ctrl-C and SIGTERM raise. */
export interface Runtime {
  readonly config: Config;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/**
 * One write per so many bytes (about 25 requests) or milliseconds, not per line. pino writes the rest when the process
 * ends, also by an uncaught error; `kill -9` loses it.
 */
const BUFFER = { minLength: 4_096, periodicFlush: 250 };

/**
 * `interactive` commands talk to a person: they log warnings only, and to standard error; so does the `demo`, which
 * listens like the `service`.
 */
export function createRuntime(signal: AbortSignal, kind: 'interactive' | 'demo' | 'service'): Runtime {
  const config = loadConfig(undefined, { listens: kind !== 'interactive' });
  const isService = kind === 'service';
  const level = !isService && config.LOG_LEVEL === 'info' ? 'warn' : config.LOG_LEVEL;
  const serializers = { err: describeError };
  const logger = pino(
    { level, serializers, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination(isService ? { fd: 1, sync: false, ...BUFFER } : { fd: 2, sync: true }),
  );
  if (isService) endOnFault(logger);
  return { config, logger, signal };
}

/** A fault that nobody caught ends the service as it would end any process, but is logged without what it quotes. */
function endOnFault(logger: Logger): void {
  process.once('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'an error of the program; the service ends');
    process.exit(EXIT.internal);
  });
}

/** What `languageOption` gives. */
export const languageSchema = z.enum(LANGUAGES);

export const languageFlags = z.object({ lang: languageSchema });

export function languageOption(): Option {
  return new Option('--lang <language>', 'language of the output').choices(LANGUAGES).default(systemLanguage());
}

export function wholeNumber(minimum: number, maximum = Number.MAX_SAFE_INTEGER): (value: string) => number {
  const range = maximum === Number.MAX_SAFE_INTEGER ? `from ${minimum}` : `from ${minimum} to ${maximum}`;
  return (value) => {
    const number = /^\d+$/u.test(value) ? Number(value) : Number.NaN;
    if (!(number >= minimum && number <= maximum))
      throw new InvalidArgumentError(`It must be a whole number ${range}.`);
    return number;
  };
}

/** The name of an encoding that files can be read in: one in which a byte of a newline is never part of a character. */
export function encodingName(value: string): string {
  const known = newDecoderOrUndefined(value);
  if (known === undefined || known.encoding.startsWith('utf-16'))
    throw new InvalidArgumentError('It must be utf-8, gb18030, gbk, big5 or another encoding of the web but utf-16.');
  return known.encoding;
}

function newDecoderOrUndefined(encoding: string): TextDecoder | undefined {
  try {
    return new TextDecoder(encoding);
  } catch {
    return undefined;
  }
}

/** Adds a command to the program. */
export type AddCommand = (program: Command, signal: AbortSignal) => void;
