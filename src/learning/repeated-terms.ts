const BUCKETS = 1 << 24;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * Which terms may have come twice, in 16 MB however many there are: terms that share a bucket are taken for one. A term
 * that came once may be among them, one that came twice is never missed.
 */
export class RepeatedTerms {
  readonly #seen = new Uint8Array(BUCKETS);

  add(term: string): void {
    const bucket = bucketOf(term);
    if ((this.#seen[bucket] as number) < 2) this.#seen[bucket] = (this.#seen[bucket] as number) + 1;
  }

  has(term: string): boolean {
    return this.#seen[bucketOf(term)] === 2;
  }
}

/** FNV-1a over UTF-16 units (Fowler, Noll, Vo), folded to the number of buckets. */
function bucketOf(term: string): number {
  let hash = FNV_OFFSET;
  for (let at = 0; at < term.length; at++) hash = Math.imul(hash ^ term.charCodeAt(at), FNV_PRIME);
  return (hash ^ (hash >>> 24)) & (BUCKETS - 1);
}
