import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { PROJECT_ROOT } from '../src/config.ts';

/** What the service is started from: `dist/` as in the image, or `src/` by tsx as `npm start` does without a build. */
export interface Build {
  readonly kind: 'dist' | 'src';
  /** True when a file of src/ is newer than the build. */
  readonly stale: boolean;
  /** The address of a module, by its path without extension. */
  moduleUrl(name: string): URL;
  /** Arguments for Node that start the service; `preload` is loaded before it. */
  serveArguments(preload?: URL): string[];
}

const resolve = createRequire(import.meta.url).resolve;
/** For `--import`: lets Node load TypeScript. */
export const TSX_URL = pathToFileURL(resolve('tsx')).href;

export async function findBuild(): Promise<Build> {
  const main = path.join(PROJECT_ROOT, 'dist', 'main.js');
  return existsSync(main) ? compiled(main, await isStale(main)) : source();
}

function compiled(main: string, stale: boolean): Build {
  return {
    kind: 'dist',
    stale,
    moduleUrl: (name) => pathToFileURL(path.join(PROJECT_ROOT, 'dist', `${name}.js`)),
    serveArguments: (preload) => [...(preload ? ['--import', preload.href] : []), main, 'serve'],
  };
}

function source(): Build {
  const main = path.join(PROJECT_ROOT, 'src', 'main.ts');
  // The command of tsx keeps the channel to its child for itself, so a preloaded file could not answer through it.
  return {
    kind: 'src',
    stale: false,
    moduleUrl: (name) => pathToFileURL(path.join(PROJECT_ROOT, 'src', `${name}.ts`)),
    serveArguments: (preload) =>
      preload ? ['--import', TSX_URL, '--import', preload.href, main, 'serve'] : [resolve('tsx/cli'), main, 'serve'],
  };
}

async function isStale(main: string): Promise<boolean> {
  const { mtimeMs: built } = await stat(main);
  const folder = path.join(PROJECT_ROOT, 'src');
  const names = await readdir(folder, { recursive: true });
  const times = names
    .filter((name) => name.endsWith('.ts'))
    .map(async (name) => (await stat(path.join(folder, name))).mtimeMs);
  return (await Promise.all(times)).some((time) => time > built);
}
