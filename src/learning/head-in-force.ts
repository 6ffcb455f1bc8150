import type { Head } from './head.ts';
import type { LoadedHead } from './load-head.ts';

/** Heads of other versions that are kept in memory, 20 MB each. */
const REMEMBERED = 2;

/** The head that decides now. Another may be put in its place while requests are answered: look once per decision. */
export class HeadInForce implements LoadedHead {
  #current: LoadedHead;
  readonly #earlier = new Map<string, Head>();
  readonly #unfit = new Set<string>();

  constructor(first: LoadedHead) {
    this.#current = first;
  }

  get head(): Head {
    return this.#current.head;
  }

  get version(): string {
    return this.#current.version;
  }

  get trained(): boolean {
    return this.#current.trained;
  }

  /** The head of this version, when it is the one in force or was looked at lately. */
  find(version: string): Head | undefined {
    return version === this.version ? this.head : this.#earlier.get(version);
  }

  /** Keeps a head for those who ask for it again: reading one from the database takes a tenth of a second. */
  remember(version: string, head: Head): void {
    const [oldest] = this.#earlier.keys();
    if (this.#earlier.size >= REMEMBERED && oldest !== undefined) this.#earlier.delete(oldest);
    this.#earlier.set(version, head);
  }

  /** Whether a version was found to be another encoder's or another taxonomy's. */
  isUnfit(version: string): boolean {
    return this.#unfit.has(version);
  }

  markUnfit(version: string): void {
    this.#unfit.add(version);
  }

  replace(next: LoadedHead): void {
    this.#current = next;
  }
}
