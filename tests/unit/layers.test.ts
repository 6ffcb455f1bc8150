import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PROJECT_ROOT } from '../../src/config.ts';

/** A small tree that keeps every rule: each import that the layers allow appears once. */
const ALLOWED: Record<string, string> = {
  'src/main.ts': "import './cli/serve.ts'; import './cli/eval.ts';",
  'src/errors.ts': 'export {};',
  'src/text/stem.ts': "import 'natural/lib/natural/stemmers/porter_stemmer.js'; import '../errors.ts';",
  'src/triage/hash.ts': "import 'node:crypto'; import 'zod'; import '../text/stem.ts';",
  'src/db/connect.ts': "import 'pg'; import 'node:fs';",
  'src/db/heavy-worker.ts': "import '../errors.ts';",
  'src/embedding/fake.ts': "import '../errors.ts';",
  'src/feedback/submit.ts': "import '../triage/hash.ts'; import '../db/connect.ts';",
  'src/jobs/tasks.ts': "import '../feedback/submit.ts';",
  'src/http/app.ts': "import 'hono'; import '../jobs/tasks.ts';",
  'src/web/page.ts': "import '../feedback/submit.ts';",
  'src/eval/run.ts': "import '../feedback/submit.ts';",
  'src/cli/serve.ts': "import '../http/app.ts'; import '../web/page.ts';",
  'src/cli/eval.ts': "import '../eval/run.ts';",
  'tests/some.test.ts': "import '../src/embedding/fake.ts'; import 'vitest';",
  'tests/helper.ts': "import './some.test.ts';",
};

/** One planted import (file, code, the rules that must name the file). */
const PLANTED: readonly [file: string, code: string, ...rules: string[]][] = [
  ['src/triage/reads-files.ts', "import 'node:fs';", 'pure-no-io'],
  [
    'src/triage/knows-a-type.ts',
    "import type { Stats } from 'node:fs'; export type Size = Stats['size'];",
    'pure-no-io',
  ],
  ['src/text/talks.ts', "import 'node:net';", 'pure-no-io'],
  ['src/text/starts-threads.ts', "import 'worker_threads';", 'pure-no-io'],
  ['src/triage/logs.ts', "import 'pino';", 'pure-no-framework'],
  [
    'src/triage/queries.ts',
    "import type { Kysely } from 'kysely'; export type Db = Kysely<unknown>;",
    'pure-no-framework',
  ],
  ['src/text/embedded.ts', "import '@electric-sql/pglite';", 'pure-no-framework'],
  ['src/triage/stores.ts', "import '../db/connect.ts';", 'pure-stays-inside'],
  ['src/text/submits.ts', "export { } from '../feedback/submit.ts';", 'pure-stays-inside'],
  ['src/db/submits.ts', "import '../feedback/submit.ts';", 'infrastructure-knows-no-slice'],
  ['src/embedding/submits.ts', "await import('../jobs/tasks.ts');", 'infrastructure-knows-no-slice'],
  ['src/intake/answers.ts', "import '../http/app.ts';", 'slice-knows-no-edge', 'edge-only-from-main'],
  ['src/policy.ts', "import '../src/eval/run.ts';", 'edge-only-from-main'],
  ['src/http/renders.ts', "import '../web/page.ts';", 'edge-only-from-main'],
  ['src/cli/triage.ts', "import '../http/app.ts';", 'edge-only-from-main'],
  [
    'src/cli/serve.ts',
    "import '../http/app.ts'; import '../web/page.ts'; import '../eval/run.ts';",
    'serve-opens-http-only',
  ],
  ['src/cli/eval.ts', "import '../eval/run.ts'; import '../http/app.ts';", 'eval-command-runs-eval-only'],
  ['src/feedback/first.ts', "import './second.ts';", 'no-cycle'],
  // A cycle is reported once, at the file that closes it first.
  ['src/feedback/second.ts', "import './first.ts';"],
  ['src/context.ts', "import './embedding/fake.ts';", 'fake-encoder-only-in-tests'],
  ['src/text/all-of-natural.ts', "import 'natural';", 'natural-deep-imports-only'],
  ['src/learning/stems.ts', "import 'natural/lib/natural/stemmers/porter_stemmer.js';", 'natural-behind-text'],
  ['src/vault.ts', "import '../tests/helper.ts';", 'src-stands-alone'],
  ['src/checks.ts', "import 'fast-check';", 'src-needs-no-dev-dependency'],
  ['src/borrows.ts', "import 'openapi3-ts';", 'no-undeclared-package'],
  ['src/lost.ts', "import './nowhere.ts';", 'no-unresolvable', 'no-undeclared-package'],
];
const DEAD_FILE = 'src/feedback/dead.ts';
const ORPHAN = 'tests/orphan.ts';

const CONFIG = path.join(PROJECT_ROOT, '.dependency-cruiser.mjs');
const configSchema = z.object({ default: z.object({ forbidden: z.array(z.object({ name: z.string() })) }) });
const reportSchema = z.object({
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});
type Violation = z.infer<typeof reportSchema>['summary']['violations'][number];

describe('layer rules', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'feedback-triage-layers-'));
    await symlink(path.join(PROJECT_ROOT, 'node_modules'), path.join(folder, 'node_modules'));
    for (const name of ['package.json', 'tsconfig.json']) {
      await cp(path.join(PROJECT_ROOT, name), path.join(folder, name));
    }
    await write(folder, ALLOWED);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('accept what the layers allow', async () => {
    expect(await cruise(folder)).toEqual([]);
  });

  it('find each planted violation, and blame nobody else', async () => {
    const imports = PLANTED.map(([file]) => `import './${path.relative('src', file)}';`).join('\n');
    const main = `${ALLOWED['src/main.ts']}\n${imports}`;
    await write(folder, { 'src/main.ts': main, [DEAD_FILE]: "import './submit.ts';", [ORPHAN]: '' });
    for (const [file, code] of PLANTED) await write(folder, { [file]: code });

    const found = (await cruise(folder)).map(({ rule, from, to }) =>
      rule.name === 'no-dead-file' ? `${rule.name}: ${to}` : `${rule.name}: ${from}`,
    );

    const planted = PLANTED.flatMap(([file, , ...rules]) => rules.map((rule) => `${rule}: ${file}`));
    const expected = [...planted, `no-dead-file: ${DEAD_FILE}`, `no-orphan: ${ORPHAN}`];
    expect([...new Set(found)].sort()).toEqual(expected.sort());
    const names = configSchema.parse(await import(CONFIG)).default.forbidden.map(({ name }) => name);
    expect(new Set(expected.map((line) => line.split(':')[0]))).toEqual(new Set(names));
  });
});

async function write(folder: string, files: Record<string, string>): Promise<void> {
  for (const [name, code] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, `${code}\n`);
  }
}

async function cruise(folder: string): Promise<Violation[]> {
  const program = path.join(PROJECT_ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const options = ['--config', CONFIG, '--preserve-symlinks', '--output-type', 'json'];
  // It exits with the number of violations, so the exit code alone says little.
  const output = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, [program, 'src', 'tests', ...options], { cwd: folder }, (error, stdout, stderr) =>
      stdout === '' ? reject(error ?? new Error(stderr)) : resolve(stdout),
    );
  });
  return reportSchema.parse(JSON.parse(output)).summary.violations;
}
