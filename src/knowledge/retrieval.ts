import type { ArticleLanguage, Validity } from './article.ts';
import type { Chunk, Sentence } from './chunks.ts';
import type { TopicWeight } from './topic-match.ts';

/** A question to the articles. */
export interface RetrievalQuery {
  /** Masked. */
  readonly text: string;
  /** Of `text` with the encoder's `query` prefix, as items are stored with. */
  readonly vector: Float32Array;
  /** As the item has it: `zh`, `en`, `mixed`, or another. */
  readonly language: string;
  /** Topics of the item, the most prominent first; empty when nobody knows. */
  readonly topics: readonly string[];
  /** Instead of `topics`, where the head's probabilities are at hand. */
  readonly topicProbabilities?: readonly TopicWeight[] | undefined;
}

export interface RetrieveOptions {
  /** Articles wanted, 3 unless told. */
  readonly limit?: number;
  /** Languages that may be answered, in the order of preference; the query's language first unless told. */
  readonly languages?: readonly ArticleLanguage[];
  /** The day for which validity is judged, ISO date in UTC; without it every article may be found. */
  readonly today?: string;
  /** Articles for staff too; only those for customers unless told. */
  readonly audience?: 'customer' | 'any';
}

/** The part of an article that answers best. */
export interface Passage {
  readonly articleId: string;
  readonly slug: string;
  /** The version of the article that was read; quote it with the sentence. */
  readonly version: number;
  readonly language: ArticleLanguage;
  readonly title: string;
  /** What the article is about, the main topic first. */
  readonly topics: readonly string[];
  /** `stale` ones may be quoted with a warning; expired ones are never found. */
  readonly validity: Validity;
  readonly chunk: Chunk;
  /** All parts of the article, in their order. */
  readonly chunks: readonly Chunk[];
  /** Sentences and steps of the chunk, nearest to the query first. */
  readonly nearest: readonly Sentence[];
  /** Probability that this article answers, 0 to 1. */
  readonly score: number;
  /** Whether `score` is above the calibrated threshold. */
  readonly fits: boolean;
  /** True when it is not in the first language asked for, because there is no translation. */
  readonly foreign: boolean;
}

/** What was found, best first. */
export interface Retrieval {
  readonly passages: readonly Passage[];
  /** Whether the first passage fits; false means that no article answers. */
  readonly fits: boolean;
  /** Probability that one of the articles answers. */
  readonly confidence: number;
}

/** Finds articles for a query. Synchronous and pure over the articles that it was made with. */
export interface Retriever {
  /** Articles that it knows. */
  readonly size: number;
  retrieve(query: RetrievalQuery, options?: RetrieveOptions): Retrieval;
}
