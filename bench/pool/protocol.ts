export interface PoolRequest {
  readonly texts: readonly string[];
}

export interface PoolReply {
  /** From the first call to the last answer, milliseconds. */
  readonly elapsedMs: number;
  readonly vectors: readonly Float32Array[];
  /** Since the start: must stay 0, or the cache has done part of the work. */
  readonly cacheHits: number;
}
