import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

const BYTES_PER_GIB = 2 ** 30;

/** What the figures were measured on. */
export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGib: number;
  readonly system: string;
  readonly node: string;
  /** Processes that wanted to run in the minute before the benchmark, on average: near 0 on a quiet machine. */
  readonly loadBefore: number;
}

/** Share of the cores that may be busy before a measurement without spoiling it. */
const QUIET_SHARE = 0.5;

export function isDisturbed({ loadBefore, cores }: Machine): boolean {
  return loadBefore > cores * QUIET_SHARE;
}

export function describeMachine(): Machine {
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model ?? 'unknown',
    memoryGib: Math.round(totalmem() / BYTES_PER_GIB),
    system: `${process.platform} ${process.arch}`,
    node: process.version,
    loadBefore: loadavg()[0] ?? 0,
  };
}
