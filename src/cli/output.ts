import { randomUUID } from 'node:crypto';
import { constants, fstatSync, open as openDescriptor, type Stats } from 'node:fs';
import { chmod, type FileHandle, lstat, open, readlink, rename, rm, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import path from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { AppError } from '../errors.ts';
import { explainStdout, writeTo } from './write-to.ts';

/** Where results are written. A file appears whole at `commit`, or stays as it was; streams and devices get each part at once. */
export interface Output extends AsyncDisposable {
  /** False where what was written cannot be taken back: a pipe, a device, standard output. */
  readonly isWhole: boolean;
  /** @throws AppError `storage_full` or `file_error`; `ReaderLeft` for standard output; the signal's reason */
  write(content: string | Uint8Array): Promise<void>;
  commit(): Promise<void>;
}

/** How often a pipe without a reader is tried again. */
const READER_POLL_MS = 50;
const MAX_LINKS = 40;

/**
 * Opens the file that `--out` names: through links to their target, and to standard output, pipes and devices as such.
 * Waits, as a shell does, until a named pipe has a reader.
 *
 * @throws AppError `file_error` when it cannot be written to, `storage_full` when the disk is full
 */
export async function openOutput(file: string | undefined, signal: AbortSignal): Promise<Output | undefined> {
  if (file === undefined) return undefined;
  const present = await stat(file).catch(() => undefined);
  if (present?.isDirectory()) throw new AppError('file_error', `${file} cannot be written: it is a folder.`);
  if (present === undefined || (present.isFile() && !isStandard(present)))
    return await openWhole(file, present, signal);
  for (const stream of [process.stdout, process.stderr]) {
    if (isSame(present, stream.fd)) return toStream(file, stream, signal);
  }
  if (present.isFIFO()) return await openPipe(file, signal);
  const handle = await open(file, 'w').catch((cause) => refuse(file, cause));
  return {
    isWhole: false,
    write: async (content) => {
      signal.throwIfAborted();
      await handle.appendFile(content).catch((cause) => refuse(file, cause));
    },
    commit: async () => undefined,
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

/** A file beside the target that takes its place at the end. */
async function openWhole(file: string, present: Stats | undefined, signal: AbortSignal): Promise<Output> {
  const target = await followLinks(file);
  const temporary = `${target}.${randomUUID()}.part`;
  const handle = await open(temporary, 'wx').catch((cause) => refuse(file, cause));
  let committed = false;
  return {
    isWhole: true,
    async write(content) {
      signal.throwIfAborted();
      // Writes again what a short write has left.
      await handle.appendFile(content).catch((cause) => refuse(file, cause));
    },
    async commit() {
      await finish(handle).catch((cause) => refuse(file, cause));
      if (present) await chmod(temporary, present.mode & 0o777);
      await rename(temporary, target).catch((cause) => refuse(file, cause));
      committed = true;
    },
    async [Symbol.asyncDispose]() {
      if (committed) return;
      await handle.close().catch(() => undefined); // closed already when only the renaming failed
      await rm(temporary, { force: true });
    },
  };
}

async function finish(handle: FileHandle): Promise<void> {
  await handle.sync();
  await handle.close();
}

/** Not blocking, because a thread that waits for a reader cannot be stopped. */
async function openPipe(file: string, signal: AbortSignal): Promise<Output> {
  for (;;) {
    try {
      const fd = await promisify(openDescriptor)(file, constants.O_WRONLY | constants.O_NONBLOCK);
      return toPipe(file, new Socket({ fd, readable: false, writable: true }), signal);
    } catch (error) {
      if (codeOf(error) !== 'ENXIO') refuse(file, error);
    }
    await sleep(READER_POLL_MS, undefined, { signal });
  }
}

function toPipe(file: string, pipe: Socket, signal: AbortSignal): Output {
  // Each write tells its own failure.
  pipe.on('error', () => undefined);
  return {
    ...toStream(file, pipe, signal),
    commit: () => new Promise((resolve) => pipe.end(resolve)),
    [Symbol.asyncDispose]: async () => {
      pipe.destroy();
    },
  };
}

function toStream(file: string, stream: Writable, signal: AbortSignal): Output {
  return {
    isWhole: false,
    write: (content) =>
      writeTo(stream, content, signal).catch((error) => {
        if (signal.aborted) throw signal.reason;
        if (stream === process.stdout) throw explainStdout(error);
        return refuse(file, error);
      }),
    commit: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
}

function refuse(file: string, cause: unknown): never {
  const code = codeOf(cause);
  if (code === 'ENOSPC' || code === 'EDQUOT')
    throw new AppError('storage_full', `The disk is full: ${file} could not be written.`, { cause });
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'the folder is missing',
    ENOTDIR: 'the folder is missing',
    EACCES: 'this user may not write there',
    EPERM: 'this user may not write there',
    EROFS: 'the file system is read-only',
    EPIPE: 'nobody reads it any more',
    ENXIO: 'nobody listens there',
    ELOOP: 'the links lead nowhere',
  };
  throw new AppError('file_error', `${file} cannot be written: ${reasons[code] ?? code}.`, { cause });
}

/** The file that a chain of symbolic links names, whether it is there or not. */
async function followLinks(file: string): Promise<string> {
  let target = file;
  for (let step = 0; step < MAX_LINKS; step++) {
    const link = await lstat(target).catch(() => undefined);
    if (!link?.isSymbolicLink()) return target;
    target = path.resolve(path.dirname(target), await readlink(target));
  }
  return refuse(file, Object.assign(new Error('too many links'), { code: 'ELOOP' }));
}

/** A file that a shell has opened as our output: replacing it would cut the shell's off. */
function isStandard(present: Stats): boolean {
  return isSame(present, 1) || isSame(present, 2);
}

function isSame(present: Stats, fd: number): boolean {
  try {
    const standard = fstatSync(fd);
    return standard.dev === present.dev && standard.ino === present.ino;
  } catch {
    return false; // that stream is closed
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
