import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PROJECT_ROOT } from '../../src/config.ts';
import { builtProgram } from '../_util/built.ts';
import { makeFolder, makePgliteConfig } from '../_util/db.ts';

/** Loading the model takes seconds, and minutes where other tests take the cores. */
export const CLI_TIMEOUT_MS = 300_000;

const PROGRAM = await builtProgram();

export interface CliOptions {
  /** Settings; nothing else of this process's environment reaches the command. */
  readonly settings?: Record<string, string>;
  /** Standard input; left open and empty when it is missing. */
  readonly input?: string | Buffer;
}

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command of the program in a process of its own, as the image starts it. */
export class Cli implements AsyncDisposable {
  stdout = '';
  stderr = '';
  readonly #child;
  readonly #closed: Promise<unknown>;

  constructor(args: readonly string[], { settings = {}, input }: CliOptions = {}) {
    const { PATH = '', TMPDIR = tmpdir() } = process.env;
    this.#child = spawn(process.execPath, [PROGRAM, ...args], {
      env: { PATH, TMPDIR, ENCODER_SESSIONS: '1', PORT: '0', ...settings },
      stdio: 'pipe',
    });
    this.#closed = once(this.#child, 'close');
    this.#child.stdout.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString();
    });
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
    // A command that ends early leaves its input unread.
    this.#child.stdin.on('error', () => undefined);
    if (input !== undefined) this.#child.stdin.end(input);
  }

  async result(): Promise<CliResult> {
    await this.#closed;
    return { code: this.#child.exitCode, stdout: this.stdout, stderr: this.stderr };
  }

  /** Resolves when a line of standard output or error fits; rejects when the command ends before. */
  async untilOutput(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
      if (found) return found;
      if (this.#child.exitCode !== null) throw new Error(`ended with ${this.#child.exitCode}: ${this.stderr}`);
      await sleep(20);
    }
  }

  /** Writes to its standard input; resolves when all of it is in the pipe, so more than 64 KiB tell that it reads. */
  async write(text: string): Promise<void> {
    await new Promise<void>((resolve) => this.#child.stdin.write(text, () => resolve()));
  }

  signal(name: 'SIGINT' | 'SIGTERM'): void {
    this.#child.kill(name);
  }

  /** Reads no more of its standard output, so that the pipe fills up. */
  pauseStdout(): void {
    this.#child.stdout.pause();
  }

  resumeStdout(): void {
    this.#child.stdout.resume();
  }

  /** Resolves when the process has ended, whether its output was read or not. */
  async ended(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
  }

  /** Closes the reading end of its standard output, as `… | head` does. */
  closeStdout(): void {
    this.#child.stdout.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    await this.#closed;
  }
}

export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  await using cli = new Cli(args, { input: '', ...options });
  return await cli.result();
}

/** A data folder without a database, in which the trained head of an earlier run is found. */
export async function makeDataFolder(): Promise<AsyncDisposable & { readonly folder: string }> {
  const made = await makeFolder();
  await linkHeads(made.folder);
  return made;
}

/** The same with a migrated database that nobody has open. */
export async function makeDatabaseFolder(): Promise<AsyncDisposable & { readonly folder: string }> {
  const made = await makePgliteConfig();
  await linkHeads(made.config.DATA_DIR);
  return { folder: made.config.DATA_DIR, [Symbol.asyncDispose]: made[Symbol.asyncDispose] };
}

/** Heads are kept between runs under a hash of the code that trains them; their names tell the rest. */
async function linkHeads(folder: string): Promise<void> {
  const hash = createHash('sha256');
  for (const slice of ['learning', 'text', 'triage', 'embedding']) {
    const from = path.join(PROJECT_ROOT, 'src', slice);
    for (const name of (await readdir(from)).sort()) hash.update(await readFile(path.join(from, name)));
  }
  const cache = path.join(tmpdir(), 'feedback-triage-tests', `heads-${hash.digest('hex').slice(0, 16)}`);
  await mkdir(cache, { recursive: true });
  await symlink(cache, path.join(folder, 'heads'));
}
