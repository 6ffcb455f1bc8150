import { type Progress, showProgress } from '../src/cli/progress.ts';

/** What runs now: a bar on a terminal, one line per step elsewhere. Both go to standard error. */
export class ProgressLine implements Disposable {
  #label = '';
  #bar: Progress | undefined;

  update(label: string, done: number, total: number): void {
    if (label !== this.#label) {
      this.#label = label;
      this.#bar?.end();
      this.#bar = showProgress(label);
      if (!process.stderr.isTTY) process.stderr.write(`${label} …\n`);
    }
    this.#bar?.update(done, total);
  }

  [Symbol.dispose](): void {
    this.#bar?.end();
  }
}
