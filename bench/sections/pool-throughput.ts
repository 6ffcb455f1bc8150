import type { Section } from '../bench.ts';
import { meanTokens, openCorpus } from '../corpus.ts';
import { startPool } from '../pool/start.ts';
import { startRaw } from '../raw/start.ts';
import { runRounds } from '../rounds.ts';
import { mean, median } from '../statistics.ts';

/** Both sides compute the same vector when its length is one and this is the cosine. */
const LEAST_COSINE = 0.9999;

export const poolThroughput: Section = {
  id: 'S1',
  how: 'The service’s encoder alone (tokenizer thread, one session thread per core, queue, cache) in a process of its own gets texts from 8 callers per core. ONNX Runtime alone gets the token ids of the same texts, ready made: one single-threaded session per worker thread, one thread per core, one text per run, nothing in between. The ratio is that of their texts per second. The run fails when a vector differs (cosine below 0.9999) or the cache was hit.',
  async run(bench) {
    const { cores, signal } = bench;
    await using corpus = await openCorpus();
    await using raw = startRaw(cores, signal);
    await using pool = startPool(bench.build, cores, signal);
    const rounds = await runRounds(bench, {
      label: 'S1',
      prepare: () => corpus.take(bench.texts),
      first: async (samples) => {
        const reply = await raw.ask({ ids: samples.map(({ ids }) => ids), sessions: cores });
        return { ...reply, tokens: meanTokens(samples) };
      },
      second: (samples) => pool.ask({ texts: samples.map(({ masked }) => masked) }),
    });
    for (const [alone, pooled] of rounds) {
      if (pooled.cacheHits > 0) throw new Error('S1: a text came twice, so the cache did part of the work.');
      checkVectors(alone.vectors, pooled.vectors);
    }
    const perSecond = ({ elapsedMs }: { elapsedMs: number }) => (bench.texts * 1000) / elapsedMs;
    const alone = median(rounds.map(([one]) => perSecond(one))).toFixed(1);
    const pooled = median(rounds.map(([, one]) => perSecond(one))).toFixed(1);
    const tokens = mean(rounds.map(([one]) => one.tokens)).toFixed(0);
    return [
      {
        id: 'S1',
        title: 'embedding throughput of the pool ÷ raw ONNX Runtime',
        unit: '',
        target: { relation: '>=', value: 0.9 },
        values: rounds.map(([one, other]) => one.elapsedMs / other.elapsedMs),
        detail: `${pooled} ÷ ${alone} texts/s, ${tokens} tokens each`,
      },
    ];
  },
};

function checkVectors(expected: readonly Float32Array[], actual: readonly Float32Array[]): void {
  for (const [at, vector] of expected.entries()) {
    const cosine = vector.reduce((sum, value, index) => sum + value * (actual[at]?.[index] ?? Number.NaN), 0);
    if (!(cosine >= LEAST_COSINE)) throw new Error(`S1: the pool gave another vector (cosine ${cosine}).`);
  }
}
