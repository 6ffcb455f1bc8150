export interface ReclusterRequest {
  /** Messages to generate. */
  readonly items: number;
  readonly seed: number;
}

export interface ReclusterReply {
  /** Time of the processor from vectors and words to clusters: one thread, so that others on the machine do not count. */
  readonly ms: number;
  /** Most resident memory of the process so far, the messages included. */
  readonly peakKiB: number;
  readonly clusters: number;
}
