import type { Build } from './build.ts';
import type { Measurement } from './measurement.ts';

/** What every section is given. */
export interface Bench {
  readonly build: Build;
  /** Rounds that count; one more is run first to warm up. */
  readonly rounds: number;
  /** Texts per round. */
  readonly texts: number;
  /** Cores, and so sessions. */
  readonly cores: number;
  /** A PostgreSQL with pgvector on which databases may be made and dropped. */
  readonly databaseUrl: string | undefined;
  readonly signal: AbortSignal;
  /** A folder with the embedded database and the trained heads of an earlier start, which nobody has open. */
  dataDir(): Promise<string>;
  progress(label: string, done: number, total: number): void;
}

/** One measure of speed or cost. */
export interface Section {
  readonly id: string;
  /** How it is measured, for docs/benchmarks.md. */
  readonly how: string;
  run(bench: Bench): Promise<Measurement[]>;
}
