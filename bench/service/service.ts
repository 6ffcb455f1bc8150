import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import { cleanEnvironment } from './environment.ts';
import { listTree } from './process-tree.ts';

const POLL_MS = 10;
/** A first start makes a database and trains the heads. */
const START_LIMIT_MS = 300_000;
/** The service drains for at most 8 s. */
const STOP_LIMIT_MS = 20_000;
const PROBE = new URL('event-loop.mjs', import.meta.url);

/** Event-loop delay of the service's main thread, milliseconds. */
export interface LoopDelay {
  readonly ticks: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export interface ServiceOptions {
  readonly bench: Bench;
  readonly dataDir: string;
  readonly settings?: Record<string, string>;
  /** Preloads the probe that `measureLoop` needs. Without it the service runs exactly as a user starts it. */
  readonly probe?: boolean;
}

/** The service as a process of its own, on a free port of loopback. Its log goes to a file, as under a supervisor. */
export class Service implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #logFolder: string;
  #url = '';
  #startMs = 0;

  private constructor(child: ChildProcess, logFolder: string) {
    this.#process = child;
    this.#logFolder = logFolder;
  }

  /** Starts it and waits until `/readyz` says 200. @throws Error with the end of its log when it does not come up */
  static async start({ bench, dataDir, settings = {}, probe = false }: ServiceOptions): Promise<Service> {
    bench.signal.throwIfAborted();
    const logFolder = await mkdtemp(path.join(tmpdir(), 'feedback-triage-bench-log-'));
    const log = await open(path.join(logFolder, 'log'), 'a');
    const started = performance.now();
    const child = spawn(process.execPath, bench.build.serveArguments(probe ? PROBE : undefined), {
      env: cleanEnvironment({ PORT: '0', DATA_DIR: dataDir, ...settings }),
      stdio: ['ignore', log.fd, log.fd, ...(probe ? (['ipc'] as const) : [])],
    });
    await log.close();
    const service = new Service(child, logFolder);
    try {
      await service.#untilReady(started, bench.signal);
      return service;
    } catch (error) {
      await service[Symbol.asyncDispose]();
      throw error;
    }
  }

  get url(): string {
    return this.#url;
  }

  /** From the start of the process to the first 200 of `/readyz`, milliseconds. */
  get startMs(): number {
    return this.#startMs;
  }

  /** Resident memory of the whole process tree, KiB. */
  async residentKiB(): Promise<number> {
    const tree = await listTree(this.#process.pid ?? 0);
    return tree.reduce((sum, { rssKiB }) => sum + rssKiB, 0);
  }

  /** The event-loop delay while `work` runs. The service must have been started with the probe. */
  async measureLoop(work: () => Promise<void>, signal: AbortSignal): Promise<LoopDelay> {
    await this.#askProbe('start', signal);
    await work();
    return await this.#askProbe('stop', signal);
  }

  /** Ends it by SIGTERM; what does not end in time is killed with its children. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#hasEnded()) {
      const ended = once(this.#process, 'exit');
      const late = setTimeout(() => void this.#killTree(), STOP_LIMIT_MS);
      this.#process.kill('SIGTERM');
      await ended;
      clearTimeout(late);
    }
    await rm(this.#logFolder, { recursive: true, force: true });
  }

  async #askProbe(command: 'start' | 'stop', signal: AbortSignal): Promise<LoopDelay> {
    const answered = once(this.#process, 'message', { signal });
    this.#process.send(command);
    const [delay]: LoopDelay[] = await answered;
    if (delay === undefined) throw new Error('The probe did not answer.');
    return delay;
  }

  async #untilReady(started: number, signal: AbortSignal): Promise<void> {
    while (this.#url === '' || !(await isReady(this.#url))) {
      await sleep(POLL_MS, undefined, { signal });
      if (this.#hasEnded() || performance.now() - started > START_LIMIT_MS) {
        throw new Error(`The service did not start. Its log ends with:\n${(await this.#log()).slice(-2_000)}`);
      }
      if (this.#url === '') this.#url = /"url":"([^"]+)"/u.exec(await this.#log())?.[1] ?? '';
    }
    this.#startMs = performance.now() - started;
  }

  #hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  async #log(): Promise<string> {
    return await readFile(path.join(this.#logFolder, 'log'), 'utf8');
  }

  async #killTree(): Promise<void> {
    for (const { pid } of (await listTree(this.#process.pid ?? 0)).reverse()) killIfThere(pid);
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(`${url}/readyz`).catch(() => undefined);
  await response?.body?.cancel();
  return response?.status === 200;
}
