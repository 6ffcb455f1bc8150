import type { Bench } from './bench.ts';

export interface RoundsOptions<Input, A, B> {
  readonly label: string;
  prepare(): Promise<Input>;
  /** The two sides that are compared, on the same input. */
  first(input: Input): Promise<A>;
  second(input: Input): Promise<B>;
}

/**
 * Runs both sides of a comparison by turns: one round to warm up, then those that count. The side that begins
 * changes from round to round, so that a machine that grows slower favours neither.
 */
export async function runRounds<Input, A, B>(
  bench: Bench,
  { label, prepare, first, second }: RoundsOptions<Input, A, B>,
): Promise<[A, B][]> {
  const results: [A, B][] = [];
  const total = (bench.rounds + 1) * 2;
  for (let round = 0; round <= bench.rounds; round++) {
    bench.signal.throwIfAborted();
    bench.progress(label, round * 2, total);
    const input = await prepare();
    let pair: [A, B];
    const halfway = () => bench.progress(label, round * 2 + 1, total);
    if (round % 2 === 0) {
      const a = await first(input);
      halfway();
      pair = [a, await second(input)];
    } else {
      const b = await second(input);
      halfway();
      pair = [await first(input), b];
    }
    if (round > 0) results.push(pair);
  }
  bench.progress(label, total, total);
  return results;
}
