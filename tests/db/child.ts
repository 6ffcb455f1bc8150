import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A process of its own that runs a fixture of this folder and reports by lines on stdout. */
export class Child implements AsyncDisposable {
  readonly lines: string[] = [];
  readonly pid: number;
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #waiters = new Set<() => void>();
  #errors = '';

  constructor(fixture: string, args: readonly string[]) {
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
    const file = fileURLToPath(new URL(fixture, import.meta.url));
    const child = spawn(process.execPath, ['--import', tsx, file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    this.pid = child.pid ?? 0;
    // `close` comes after the last line has been read, `exit` may come before it.
    this.#ended = once(child, 'close');
    child.stderr.on('data', (text: Buffer) => {
      this.#errors += text.toString();
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.lines.push(line);
      for (const wake of this.#waiters) wake();
    });
  }

  /** Resolves when so many lines have come; rejects with its stderr when it ends before. */
  async untilLines(count: number): Promise<void> {
    while (this.lines.length < count) {
      const next = new Promise<void>((resolve) => this.#waiters.add(resolve));
      const ended = this.#ended.then(() => true);
      if ((await Promise.race([next, ended])) === true && this.lines.length < count) {
        throw new Error(`the fixture ended early: ${this.#errors}`);
      }
      this.#waiters.clear();
    }
  }

  /** kill -9, and waits until it is gone and all it wrote is read. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended;
  }

  async untilEnd(): Promise<void> {
    await this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}
