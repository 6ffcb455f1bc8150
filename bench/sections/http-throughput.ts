import type { Section } from '../bench.ts';
import { meanTokens, openCorpus } from '../corpus.ts';
import { startRaw } from '../raw/start.ts';
import { runRounds } from '../rounds.ts';
import { sendLoad } from '../service/load.ts';
import { classifyRequest } from '../service/requests.ts';
import { Service } from '../service/service.ts';
import { mean, median } from '../statistics.ts';

/** Enough that a text always waits for every session, few enough that none waits long. */
export const CONNECTIONS_PER_CORE = 8;

export const httpThroughput: Section = {
  id: 'S2',
  how: `The service on its embedded database gets \`POST /classify\` over ${CONNECTIONS_PER_CORE} keep-alive connections per core from the benchmark’s own process; each sends its next text when the last is answered, so that every session always has one waiting. The client shares the cores, so it is a bare one on \`node:net\`; what it takes is printed and not deducted. The yardstick is that of S1 on the same texts, masked as the service masks them.`,
  async run(bench) {
    const { cores, signal } = bench;
    const dataDir = await bench.dataDir();
    await using corpus = await openCorpus();
    await using raw = startRaw(cores, signal);
    await using service = await Service.start({ bench, dataDir });
    const rounds = await runRounds(bench, {
      label: 'S2',
      prepare: () => corpus.take(bench.texts),
      first: async (samples) => {
        const { elapsedMs } = await raw.ask({ ids: samples.map(({ ids }) => ids), sessions: cores });
        return { elapsedMs, tokens: meanTokens(samples) };
      },
      second: (samples) =>
        sendLoad({
          url: service.url,
          requests: samples.map(classifyRequest),
          connections: CONNECTIONS_PER_CORE * cores,
          signal,
        }),
    });
    const perSecond = ({ elapsedMs }: { elapsedMs: number }) => (bench.texts * 1000) / elapsedMs;
    const alone = median(rounds.map(([one]) => perSecond(one))).toFixed(1);
    const served = median(rounds.map(([, one]) => perSecond(one))).toFixed(1);
    const client = mean(rounds.map(([, { clientMs }]) => clientMs)).toFixed(2);
    const tokens = mean(rounds.map(([one]) => one.tokens)).toFixed(0);
    return [
      {
        id: 'S2',
        title: 'POST /classify, all cores busy ÷ raw ONNX Runtime',
        unit: '',
        target: { relation: '>=', value: 0.8 },
        values: rounds.map(([one, other]) => one.elapsedMs / other.elapsedMs),
        detail: `${served} ÷ ${alone} texts/s, ${tokens} tokens each; the client takes ${client} ms of CPU per text`,
      },
    ];
  },
};
