import type { Bag } from './bag.ts';

/** Saturation of repeated terms and weight of the length (Robertson and Zaragoza, 2009). */
const K1 = 1.2;
const B = 0.7;

/**
 * BM25 over documents, as a share of what a document with every term of the query would have. Terms that no document
 * has count among what is missing, so that a question about something else scores low.
 */
export class Bm25 {
  readonly #postings = new Map<string, { readonly documents: number[]; readonly counts: number[] }>();
  readonly #norms: Float64Array;
  readonly #damping: number;

  /** @param damping nats that are always missing: a query of one common word proves little */
  constructor(documents: readonly Bag[], damping: number) {
    this.#damping = damping;
    const lengths = documents.map((bag) => {
      let length = 0;
      for (const count of bag.values()) length += count;
      return length;
    });
    const mean = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length) || 1;
    this.#norms = Float64Array.from(lengths, (length) => K1 * (1 - B + (B * length) / mean));
    documents.forEach((bag, document) => {
      for (const [term, count] of bag) {
        const posting = this.#postings.get(term) ?? { documents: [], counts: [] };
        posting.documents.push(document);
        posting.counts.push(count);
        this.#postings.set(term, posting);
      }
    });
  }

  /** For each document 0 (no term) to about 1. */
  score(query: Bag): Float64Array {
    const scores = new Float64Array(this.#norms.length);
    let possible = this.#damping;
    for (const term of query.keys()) {
      const idf = this.idf(term);
      possible += idf;
      const posting = this.#postings.get(term);
      posting?.documents.forEach((document, at) => {
        const count = posting.counts[at] ?? 0;
        const gain = (count * (K1 + 1)) / (count + (this.#norms[document] ?? K1));
        scores[document] = (scores[document] ?? 0) + idf * gain;
      });
    }
    return possible > 0 ? scores.map((score) => score / possible) : scores;
  }

  /** Nats that a term tells; most for one that no document has. */
  idf(term: string): number {
    const documents = this.#postings.get(term)?.documents.length ?? 0;
    return Math.log(1 + (this.#norms.length - documents + 0.5) / (documents + 0.5));
  }
}
