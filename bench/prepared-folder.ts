import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Bench } from './bench.ts';
import { Service } from './service/service.ts';

/** A data folder for the services that are measured, one after the other; disposing of it removes it. */
export class PreparedFolder implements AsyncDisposable {
  readonly #folder: string;
  #ready: Promise<string> | undefined;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async create(): Promise<PreparedFolder> {
    return new PreparedFolder(await mkdtemp(path.join(tmpdir(), 'feedback-triage-bench-')));
  }

  /** Starts the service once, when first asked, so that database and heads are there. */
  path(bench: Bench): Promise<string> {
    this.#ready ??= this.#prepare(bench);
    return this.#ready;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #prepare(bench: Bench): Promise<string> {
    bench.progress('first start: database and heads are made', 0, 1);
    await using _service = await Service.start({ bench, dataDir: this.#folder });
    return this.#folder;
  }
}
