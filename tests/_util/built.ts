import { execFile } from 'node:child_process';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { PROJECT_ROOT } from '../../src/config.ts';
import { lockFolder } from '../../src/db/lock.ts';

const DIST = path.join(PROJECT_ROOT, 'dist');
const POLL_MS = 200;

/**
 * The program as the image runs it, `dist/main.js`, built anew when a source is newer: it starts in half the time of
 * the TypeScript sources. Test files that run side by side build it once.
 */
export async function builtProgram(): Promise<string> {
  const folder = path.join(tmpdir(), 'feedback-triage-tests', `build-${path.basename(PROJECT_ROOT)}`);
  await mkdir(folder, { recursive: true });
  for (;;) {
    // Only who has the lock looks, so that nobody finds a build half made.
    await using lock = await lockFolder(folder).catch(() => undefined);
    if (lock) {
      if (!(await isBuilt())) await promisify(execFile)('npm', ['run', '-s', 'build'], { cwd: PROJECT_ROOT });
      return path.join(DIST, 'main.js');
    }
    await sleep(POLL_MS);
  }
}

/** Every source has its output, and no source is newer than the oldest output. */
async function isBuilt(): Promise<boolean> {
  const [sources, outputs] = await Promise.all([
    modified(path.join(PROJECT_ROOT, 'src'), /(?<!\.d)\.ts$/),
    modified(DIST, /\.js$/).catch(() => []),
  ]);
  return sources.length === outputs.length && Math.max(...sources) <= Math.min(...outputs);
}

/** The times of last change of the files of this name. */
async function modified(folder: string, name: RegExp): Promise<number[]> {
  const names = (await readdir(folder, { recursive: true })).filter((file) => name.test(file));
  return await Promise.all(names.map(async (file) => (await stat(path.join(folder, file))).mtimeMs));
}
