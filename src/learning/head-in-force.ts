import type { Head } from './head.ts';
import type { LoadedHead } from './load-head.ts';

/** The head that decides now. Another may be put in its place while requests are answered: look once per decision. */
export class HeadInForce implements LoadedHead {
  #current: LoadedHead;

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

  replace(next: LoadedHead): void {
    this.#current = next;
  }
}
