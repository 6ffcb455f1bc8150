import { renderTable } from '../src/cli/table.ts';
import type { Build } from './build.ts';
import { isDisturbed, type Machine } from './machine.ts';
import { deriveVerdict, formatMedian, formatRange, formatTarget, type Measurement } from './measurement.ts';
import { SECTIONS } from './sections/all.ts';

/** One run of the benchmark. */
export interface Run {
  readonly machine: Machine;
  readonly build: Build;
  /** As typed, without the address of the database. */
  readonly command: string;
  readonly at: Date;
  readonly measurements: Measurement[];
}

const COLUMNS = [
  { title: '#' },
  { title: 'measure', flexible: true },
  { title: 'target' },
  { title: 'median', align: 'right' },
  { title: 'min–max', align: 'right' },
  { title: '' },
  { title: 'made of' },
] as const;

export const DISTURBED = 'Other work kept the cores busy: these figures are not to be relied on.';

/** The table for a terminal of `width` cells. */
export function renderTerminal({ measurements }: Run, width: number): string {
  return renderTable(COLUMNS, measurements.map(toCells), width);
}

/** The whole of docs/benchmarks.md. */
export function renderDocument(run: Run): string {
  const table = [COLUMNS.map(({ title }) => title), COLUMNS.map(() => '---'), ...run.measurements.map(toCells)];
  return `# Benchmarks

Written by \`npm run bench -- --write\`; changes by hand are lost.
Only ratios can be compared between machines.

${describeRun(run).join('\n')}

${table.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}

${listMisses(run.measurements)
  .map((line) => `- ${line}`)
  .join('\n')}

## How each is measured

The sides of a ratio run by turns on the same texts, one round to warm up and then the rounds that count; the side that
begins changes from round to round. The table shows the median of the rounds, and the least and the greatest. Texts
join one to four messages of the public sample file and the seed examples, and none comes twice, so that no cache helps.

${SECTIONS.map(({ id, how }) => `- **${id}.** ${how}`).join('\n')}
`;
}

function describeRun({ machine, build, command, at }: Run): string[] {
  const start = build.kind === 'dist' ? '`dist/`, as in the image' : '`src/` by tsx, as `npm start` does';
  return [
    `- Date: ${at.toISOString().slice(0, 10)}`,
    `- Command: \`${command}\``,
    `- Machine: ${machine.cores} cores, ${machine.cpu}, ${machine.memoryGib} GiB, ${machine.system}, Node ${machine.node}`,
    `- Load average before the run: ${machine.loadBefore.toFixed(2)}${isDisturbed(machine) ? `. ${DISTURBED}` : ''}`,
    `- Service started from ${start}${build.stale ? ' (**older than `src/`**)' : ''}`,
  ];
}

/** Says plainly what falls short. */
export function listMisses(measurements: readonly Measurement[]): string[] {
  const misses = measurements.filter((one) => deriveVerdict(one) === 'MISS');
  const absent = measurements.filter((one) => deriveVerdict(one) === 'not measured');
  const lines = misses.map(
    (one) => `${one.id} misses its target: ${one.title}: ${formatMedian(one)}, not ${formatTarget(one)}.`,
  );
  const gaps = absent.map((one) => `${one.id} was not measured: ${one.title}: ${one.detail}.`);
  const first = misses.length === 0 ? ['Everything that was measured reaches its target.'] : [];
  return [...first, ...lines, ...gaps];
}

function toCells(one: Measurement): string[] {
  const verdict = deriveVerdict(one);
  return [one.id, one.title, formatTarget(one), formatMedian(one), formatRange(one), verdict, one.detail];
}
