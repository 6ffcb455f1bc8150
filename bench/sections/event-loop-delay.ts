import type { Section } from '../bench.ts';
import { type Corpus, openCorpus } from '../corpus.ts';
import { sendLoad } from '../service/load.ts';
import { classifyRequest, feedbackRequest } from '../service/requests.ts';
import { Service } from '../service/service.ts';
import { CONNECTIONS_PER_CORE } from './http-throughput.ts';

/** The load lasts this many times as long as that of S2: one tick in a thousand must be more than one tick. */
const LOAD_FACTOR = 2;

export const eventLoopDelay: Section = {
  id: 'S9',
  how: `The load of S2, every second request a \`POST /v1/feedback\`. A file preloaded into the service for this benchmark only (\`bench/service/event-loop.mjs\`) runs \`monitorEventLoopDelay\` of \`node:perf_hooks\` in its main thread at the resolution of 10 ms that Node has by default; these 10 ms are subtracted, because Node counts them in.`,
  async run(bench) {
    const dataDir = await bench.dataDir();
    await using corpus = await openCorpus();
    await using service = await Service.start({ bench, dataDir, probe: true });
    const connections = CONNECTIONS_PER_CORE * bench.cores;
    const load = async (label: string, count: number) => {
      const requests = await takeMixed(corpus, count);
      const onProgress = (done: number) => bench.progress(label, done, count);
      return async () => {
        await sendLoad({ url: service.url, requests, connections, signal: bench.signal, onProgress });
      };
    };
    const warmUp = await load('S9 warm-up', bench.texts);
    await warmUp();
    const work = await load('S9', bench.texts * bench.rounds * LOAD_FACTOR);
    const delay = await service.measureLoop(work, bench.signal);
    const ms = (value: number) => `${value.toFixed(1)} ms`;
    return [
      {
        id: 'S9',
        title: 'event-loop delay of the main thread under full load, p99.9',
        unit: 'ms',
        target: { relation: '<=', value: 50 },
        values: [delay.p999],
        detail: `p50 ${ms(delay.p50)}, p99 ${ms(delay.p99)}, longest ${ms(delay.max)} of ${delay.ticks} ticks`,
      },
    ];
  },
};

async function takeMixed(corpus: Corpus, count: number) {
  const samples = await corpus.take(count);
  return samples.map((sample, at) => (at % 2 === 0 ? classifyRequest(sample) : feedbackRequest(sample)));
}
