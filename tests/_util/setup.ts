import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Compiled code and a migrated database: made once, meant to outlive a run. */
const SHARED_CACHES = [`tsx-${userInfo().uid}`, 'feedback-triage-tests'];
/** Vitest stops its own forks after this teardown. */
const VITEST_FORK = /vitest\/dist\/workers\//;
const GRACE_MS = 5_000;
const POLL_MS = 50;

interface RunningProcess {
  readonly pid: number;
  readonly command: string;
}

/**
 * Gives the run a temporary folder of its own, and fails the run when a test leaves files in it or a process that
 * still has it as TMPDIR. Other runs on the machine are not seen, and do not see this one.
 */
export default async function setUp(): Promise<() => Promise<void>> {
  const shared = tmpdir();
  const folder = await mkdtemp(path.join(shared, 'triage-run-'));
  for (const cache of SHARED_CACHES) {
    await mkdir(path.join(shared, cache), { recursive: true });
    await symlink(path.join(shared, cache), path.join(folder, cache));
  }
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  return async () => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    const left = [...(await stopLeftProcesses(folder)), ...(await listLeftFiles(folder))];
    await rm(folder, { recursive: true, force: true });
    if (left.length === 0) return;
    // Vitest prints an error of a teardown but does not fail the run for it.
    process.exitCode = 1;
    throw new Error(`The tests left behind:\n${left.map((line) => `  ${line}`).join('\n')}`);
  };
}

async function stopLeftProcesses(folder: string): Promise<string[]> {
  let running = await listProcesses(folder);
  for (let waited = 0; running.length > 0 && waited < GRACE_MS; waited += POLL_MS) {
    await sleep(POLL_MS);
    running = await listProcesses(folder);
  }
  for (const { pid } of running) process.kill(pid, 'SIGKILL');
  return running.map(({ pid, command }) => `process ${pid}: ${command}`);
}

async function listLeftFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names.filter((name) => !SHARED_CACHES.includes(name)).map((name) => `file or folder ${name} in TMPDIR`);
}

/** Processes that were started with this TMPDIR. Only Linux can say; elsewhere the list is empty. */
async function listProcesses(folder: string): Promise<RunningProcess[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => inspect(pid, `TMPDIR=${folder}`)));
  return found.filter((one) => one !== undefined);
}

async function inspect(pid: string, variable: string): Promise<RunningProcess | undefined> {
  try {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
    if (!environment.split('\0').includes(variable)) return undefined;
    const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
    // A zombie has no command line any more.
    return command === '' || VITEST_FORK.test(command) ? undefined : { pid: Number(pid), command };
  } catch {
    // It has ended meanwhile, or belongs to another user.
    return undefined;
  }
}
