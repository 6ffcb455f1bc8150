/** Which of the model's prefixes a text gets: symmetric tasks use `query`, stored documents `passage`. */
export type EmbeddingKind = 'query' | 'passage';

export interface Embedding {
  /** Unit length, `EncoderInfo.dimensions` numbers. Shared with the cache: never write to it. */
  readonly vector: Float32Array;
  /** Tokens that the model saw, special tokens included. */
  readonly tokens: number;
  /** True when the middle of the text was left out (the first 384 and the last 128 tokens were used). */
  readonly truncated: boolean;
}

export interface EncoderInfo {
  readonly id: string;
  /** SHA-256 over the model's files, prefix and pooling: vectors are comparable only under the same hash. */
  readonly hash: string;
  readonly dimensions: number;
}

export interface EmbedOptions {
  readonly kind?: EmbeddingKind;
  readonly signal?: AbortSignal;
}

/**
 * Text in, sentence vector out.
 *
 * `embed` rejects with an AppError: `overloaded` when the queue is full, `deadline_exceeded` when the text waited
 * too long, `encoder_unavailable` when the restart budget is spent, `text_unprocessable` for a text that the
 * model cannot read and never will; and with the signal's reason when aborted.
 */
export interface Encoder extends AsyncDisposable {
  readonly info: EncoderInfo;
  embed(text: string, options?: EmbedOptions): Promise<Embedding>;
  /** For metrics: sessions that can take work, texts waiting, cache hits so far. */
  stats(): EncoderStats;
}

export interface EncoderStats {
  readonly sessions: number;
  readonly busy: number;
  readonly waiting: number;
  readonly cacheHits: number;
  readonly cacheMisses: number;
  readonly restarts: number;
}
