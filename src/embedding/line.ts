/** First in, first out; members may leave from anywhere or come back to the front. */
export class Line<T> {
  readonly #returned = new Set<T>();
  readonly #waiting = new Set<T>();

  get size(): number {
    return this.#returned.size + this.#waiting.size;
  }

  push(member: T): void {
    this.#waiting.add(member);
  }

  /** Before all that were pushed, after those that came back earlier. */
  comeBack(member: T): void {
    this.#returned.add(member);
  }

  shift(): T | undefined {
    for (const set of [this.#returned, this.#waiting]) {
      for (const member of set) {
        set.delete(member);
        return member;
      }
    }
    return undefined;
  }

  leave(member: T): void {
    this.#returned.delete(member);
    this.#waiting.delete(member);
  }
}
