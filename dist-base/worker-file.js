import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
/**
 * Starts the worker file `name` (no extension) that lies beside the file at `parentUrl`.
 *
 * The same call works from `src/*.ts` (tsx, vitest) and from `dist/*.js`: the worker has the extension of its parent.
 * A TypeScript worker registers tsx itself: in Node 20 a worker neither inherits its parent's loader nor heeds an
 * `--import` of its own.
 *
 * @param parentUrl the caller's `import.meta.url`
 */
export function spawnWorker(name, parentUrl, options = {}) {
    const typescript = new URL(parentUrl).pathname.endsWith('.ts');
    const file = new URL(`${name}${typescript ? '.ts' : '.js'}`, parentUrl);
    return typescript ? new Worker(tsxBootstrap(file), { ...options, eval: true }) : new Worker(file, options);
}
function tsxBootstrap(file) {
    // Through package.json, because `require.resolve('tsx/esm/api')` gives the CommonJS build, which cannot register here.
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx/package.json'));
    const api = new URL('dist/esm/api/index.mjs', tsx).href;
    return `import(${JSON.stringify(api)}).then(({ register }) => { register(); return import(${JSON.stringify(file.href)}); })`;
}
//# sourceMappingURL=worker-file.js.map