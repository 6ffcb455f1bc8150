import type { DriverFields } from './errors.ts';

/** What the worker is started with. */
export interface PgliteWorkerData {
  /** Absolute path of the database folder. */
  readonly folder: string;
}

export type PgliteStatement =
  /** One statement with parameters, by the extended protocol. */
  | { readonly kind: 'query'; readonly sql: string; readonly parameters: (string | null)[] }
  /** Any number of statements without parameters, by the simple protocol. */
  | { readonly kind: 'exec'; readonly sql: string }
  /** Checkpoint, close, end the thread. */
  | { readonly kind: 'close' };

export type PgliteRequest = PgliteStatement & { readonly id: number };

/** One statement's result; values are PostgreSQL's text, `null` for NULL. */
export interface PgliteResult {
  readonly command: string;
  readonly affectedRows: number;
  readonly fields: { readonly name: string; readonly typeId: number }[];
  readonly rows: (string | null)[][];
}

/** Why the engine could not start or go on. Holds no statement and no row. */
export interface PgliteFault {
  readonly diskFull: boolean;
  /** PostgreSQL's last FATAL or PANIC lines while it opened the folder; empty later. */
  readonly reason: string;
}

export type PgliteReply =
  | { readonly kind: 'ready' }
  /** The engine is not usable (any more); the thread has to be replaced. */
  | { readonly kind: 'broken'; readonly fault: PgliteFault }
  | { readonly kind: 'done'; readonly id: number; readonly results: PgliteResult[]; readonly inTransaction: boolean }
  | { readonly kind: 'refused'; readonly id: number; readonly error: DriverFields; readonly inTransaction: boolean };
