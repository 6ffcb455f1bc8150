/** Texts as token ids, to be run one by one. */
export interface RawRequest {
  readonly ids: readonly BigInt64Array[];
  /** How many of the sessions share the work. */
  readonly sessions: number;
}

export interface RawReply {
  /** From the first text to the last, milliseconds. */
  readonly elapsedMs: number;
  /** Of each text's run alone, milliseconds. */
  readonly latenciesMs: Float64Array;
  readonly vectors: readonly Float32Array[];
}

/** To a worker: all texts, and a shared counter from which each takes the next index. */
export interface RawWork {
  readonly ids: readonly BigInt64Array[];
  readonly next: Int32Array<SharedArrayBuffer>;
}

/** From a worker: what it has run. */
export type RawDone = readonly { readonly index: number; readonly latencyMs: number; readonly vector: Float32Array }[];
