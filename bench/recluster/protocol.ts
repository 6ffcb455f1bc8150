export interface ReclusterRequest {
  /** Messages to generate. */
  readonly items: number;
  readonly seed: number;
}

export interface ReclusterReply {
  /** From vectors and words to clusters. */
  readonly ms: number;
  /** Most resident memory of the process so far, the messages included. */
  readonly peakKiB: number;
  readonly clusters: number;
}
