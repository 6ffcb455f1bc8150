import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** Resident memory, KiB; pages shared between processes count in each. */
  readonly rssKiB: number;
}

/** A process and all its descendants, as `ps` (POSIX) tells them. Empty when there is no such process. */
export async function listTree(root: number): Promise<ProcessEntry[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,rss=']);
  const all = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/u).map(Number))
    .map(([pid = 0, parent = 0, rssKiB = 0]) => ({ pid, parent, rssKiB }));
  const tree = all.filter(({ pid }) => pid === root);
  // Grows while it is walked: children are found behind their parents.
  for (const { pid } of tree) tree.push(...all.filter(({ parent }) => parent === pid));
  return tree;
}
