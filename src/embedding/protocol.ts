import type { WeightKind } from './fingerprint.ts';

/** What a worker has to load. */
export interface ModelSource {
  /** Absolute path. */
  readonly folder: string;
  readonly dtype: WeightKind;
  readonly pooling: 'sentence_embedding' | 'mean';
}

export interface TokenizeRequest {
  /** With its prefix. */
  readonly text: string;
}

export interface Tokens {
  /** Special tokens included, never more than the model takes. */
  readonly ids: BigInt64Array;
  readonly truncated: boolean;
}

export interface EmbedRequest {
  readonly ids: BigInt64Array;
}

/** Unit length. */
export type EmbedReply = Float32Array;

export interface SessionInfo {
  readonly dimensions: number;
}

/** What a worker says. A failure carries no message of the library: those print the inputs. */
export type FromWorker<Reply, Info> =
  | { readonly kind: 'ready'; readonly info: Info }
  | { readonly kind: 'not_loaded'; readonly reason: string }
  | { readonly kind: 'done'; readonly id: number; readonly reply: Reply }
  | { readonly kind: 'failed'; readonly id: number; readonly errorName: string };

/** `null`: end, when what was asked before is answered. */
export type ToWorker<Request> = { readonly id: number; readonly request: Request } | null;
