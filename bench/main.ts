import { setMaxListeners } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EXIT } from '../src/cli/exit.ts';
import { PROJECT_ROOT } from '../src/config.ts';
import type { Bench } from './bench.ts';
import { type Build, findBuild } from './build.ts';
import { describeMachine, isDisturbed, type Machine } from './machine.ts';
import type { Measurement } from './measurement.ts';
import { describeCommand, type Options, readOptions } from './options.ts';
import { PreparedFolder } from './prepared-folder.ts';
import { ProgressLine } from './progress-line.ts';
import { DISTURBED, listMisses, type Run, renderDocument, renderTerminal } from './report.ts';
import { SECTIONS } from './sections/all.ts';

const DOCUMENT = path.join(PROJECT_ROOT, 'docs', 'benchmarks.md');
const PIPE_WIDTH = 200;

const stopping = new AbortController();
// Every request in flight listens to it.
setMaxListeners(0, stopping.signal);
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => stopping.abort(new Error(`stopped by ${name}`)));
}

try {
  await main(readOptions(process.argv));
} catch (error) {
  if (!stopping.signal.aborted) throw error;
  process.stderr.write('Stopped; nothing was left behind.\n');
  process.exitCode = EXIT.interrupted;
}

async function main(options: Options): Promise<void> {
  const machine = describeMachine();
  const build = await findBuild();
  console.log(describeStart(machine, build));
  const run: Run = { machine, build, command: describeCommand(options), at: new Date(), measurements: [] };
  try {
    await measureAll(options, build, machine.cores, run.measurements);
  } finally {
    // Also when a section failed or was stopped: what the others have measured holds.
    if (run.measurements.length > 0) console.log(renderTerminal(run, process.stdout.columns ?? PIPE_WIDTH));
  }
  console.log(`\n${listMisses(run.measurements).join('\n')}`);
  if (!options.write) return;
  await writeFile(DOCUMENT, renderDocument(run));
  console.log(`Written: ${path.relative(process.cwd(), DOCUMENT)}`);
}

async function measureAll(options: Options, build: Build, cores: number, into: Measurement[]): Promise<void> {
  const { only, rounds, texts, databaseUrl } = options;
  await using folder = await PreparedFolder.create();
  using progress = new ProgressLine();
  const bench: Bench = {
    build,
    cores,
    rounds,
    texts,
    databaseUrl,
    signal: stopping.signal,
    dataDir: () => folder.path(bench),
    progress: (label, done, total) => progress.update(label, done, total),
  };
  for (const section of SECTIONS.filter(({ id }) => only.includes(id))) {
    stopping.signal.throwIfAborted();
    into.push(...(await section.run(bench)));
  }
}

function describeStart(machine: Machine, { kind, stale }: Build): string {
  const { cores, cpu, node, loadBefore } = machine;
  const from = kind === 'dist' ? 'dist/' : 'src/ by tsx, because there is no dist/ (npm run build)';
  const age = stale ? ', which is OLDER THAN src/ (npm run build)' : '';
  const noise = isDisturbed(machine) ? `\n${DISTURBED}` : '';
  return `${cores} cores, ${cpu}, Node ${node}, load ${loadBefore.toFixed(2)}; service from ${from}${age}${noise}`;
}
