import { AppError, type ErrorCode } from '../errors.ts';

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
} as const;

/** What each means, for `--help` and the documents. */
export const EXIT_MEANINGS: Readonly<Record<(typeof EXIT)[keyof typeof EXIT], string>> = {
  [EXIT.ok]: 'done',
  [EXIT.failed]:
    'failed, `migrate --check` found something pending, `rules test` an example that fails, or `audit verify` something wrong',
  [EXIT.usage]: 'a flag or argument is wrong',
  [EXIT.badLines]: '`triage`: some lines were not processed; the others were',
  [EXIT.noInput]: 'a file is missing or cannot be read or written',
  [EXIT.unavailable]: 'database, encoder or port not available',
  [EXIT.internal]: 'an error of the program',
  [EXIT.storage]: 'the disk is full',
  [EXIT.busy]: 'the data folder is in use by another process',
  [EXIT.configuration]: 'the configuration, a data file or the model is not usable',
  [EXIT.interrupted]: 'stopped by Ctrl-C or SIGTERM',
};

const BY_CODE: Partial<Record<ErrorCode, number>> = {
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

/** The reason of the signal that Ctrl-C and SIGTERM raise. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** The reason when nobody reads standard output any more, as after `… | head`. */
export class ReaderLeft extends Error {
  override readonly name = 'ReaderLeft';
}

/** The end of a command that was cut off and says itself what it had done by then. */
export class CutOff extends AppError {}

/** The exit code and the message for an error that ended a command; an empty message is not printed. */
export function explain(error: unknown): { code: number; message: string } {
  if (error instanceof AppError) return { code: BY_CODE[error.code] ?? EXIT.failed, message: error.message };
  if (error instanceof Stopped) return { code: EXIT.interrupted, message: 'Stopped.' };
  if (error instanceof ReaderLeft) return { code: EXIT.ok, message: '' };
  if (error instanceof Error) {
    const code = 'code' in error ? error.code : undefined;
    if (code === 'ENOSPC') return { code: EXIT.storage, message: 'The disk is full.' };
    if (code === 'EADDRINUSE')
      return {
        code: EXIT.unavailable,
        message: `Port ${'port' in error ? error.port : ''} is in use. Choose another one with PORT, or stop what uses it.`,
      };
    if (code === 'EACCES') return { code: EXIT.unavailable, message: `Not allowed: ${error.message}` };
    return { code: EXIT.internal, message: error.stack ?? error.message };
  }
  return { code: EXIT.internal, message: String(error) };
}

/** The list of exit codes for `--help`. */
export function describeExits(): string {
  const lines = Object.entries(EXIT_MEANINGS).map(([code, meaning]) => `  ${code.padEnd(4)} ${meaning}`);
  return ['Exit codes:', ...lines].join('\n');
}
