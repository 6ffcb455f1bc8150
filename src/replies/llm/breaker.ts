/** Failures in a row after which nobody is asked, and for how long. */
const FAILURES = 3;
const REST_MS = 60_000;
const DAY_MS = 86_400_000;

/** Why a model is not asked. */
export type Closed = 'resting' | 'budget';

/** Stops asking an endpoint that fails, and one that has had its tokens of the day (UTC). Of one process. */
export class Breaker {
  readonly #tokensPerDay: number;
  #failures = 0;
  #restsUntil = 0;
  #day = -1;
  #spent = 0;

  constructor(tokensPerDay: number) {
    this.#tokensPerDay = tokensPerDay;
  }

  /** Why it is not to be asked now; undefined when it may be. */
  closedBy(now: Date): Closed | undefined {
    this.#turn(now);
    if (this.#spent >= this.#tokensPerDay) return 'budget';
    return now.getTime() < this.#restsUntil ? 'resting' : undefined;
  }

  succeeded(tokens: number, now: Date): void {
    this.#turn(now);
    this.#failures = 0;
    this.#spent += tokens;
  }

  failed(now: Date): void {
    this.#failures += 1;
    if (this.#failures < FAILURES) return;
    this.#failures = 0;
    this.#restsUntil = now.getTime() + REST_MS;
  }

  /** Tokens of the day so far. */
  get spent(): number {
    return this.#spent;
  }

  #turn(now: Date): void {
    const day = Math.floor(now.getTime() / DAY_MS);
    if (day !== this.#day) this.#spent = 0;
    this.#day = day;
  }
}
