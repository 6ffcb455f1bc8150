/** Failures in a row after which nobody is asked, and for how long. */
const FAILURES = 3;
const REST_MS = 60_000;

/** Stops asking an endpoint that fails. Of one process: another may reach it by another way. */
export class Breaker {
  #failures = 0;
  #restsUntil = 0;

  /** Whether it is not to be asked now. */
  isResting(now: Date): boolean {
    return now.getTime() < this.#restsUntil;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  failed(now: Date): void {
    this.#failures += 1;
    if (this.#failures < FAILURES) return;
    this.#failures = 0;
    this.#restsUntil = now.getTime() + REST_MS;
  }
}
