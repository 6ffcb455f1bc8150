import type { Bench, Section } from '../bench.ts';
import { Child } from '../child.ts';
import type { ReclusterReply, ReclusterRequest } from '../recluster/protocol.ts';

const CHILD = new URL('../recluster/child.ts', import.meta.url);
const FEW = 10_000;
const MANY = 100_000;
const MOST_ROUNDS = 3;
const KIB_PER_GIB = 1_048_576;

export const reclusterGrowth: Section = {
  id: 'S5',
  how: `Generated messages of many matters in two languages (one matter per hundred messages) are clustered with no cluster known and the resolution chosen, ${FEW} and ${MANY} of them, each in a process of its own. Time: of the processor, from vectors and words to clusters; the exponent is the logarithm of its growth over that of the messages. Memory: the most that the process had resident, messages included.`,
  async run(bench) {
    const rounds = Math.min(bench.rounds, MOST_ROUNDS);
    const exponents: number[] = [];
    const memory: number[] = [];
    const details: string[] = [];
    for (let round = 0; round < rounds; round++) {
      bench.progress('S5', round, rounds);
      const few = await measure(bench, FEW, round);
      const many = await measure(bench, MANY, round);
      exponents.push(Math.log(many.ms / few.ms) / Math.log(MANY / FEW));
      memory.push(many.peakKiB / KIB_PER_GIB);
      details.push(`${seconds(few)} and ${seconds(many)}`);
    }
    bench.progress('S5', rounds, rounds);
    const detail = `${FEW} and ${MANY} messages: ${details.join('; ')}`;
    return [
      {
        id: 'S5',
        title: 'recluster: growth exponent',
        unit: '',
        target: { relation: '<=', value: 1.2 },
        values: exponents,
        detail,
      },
      {
        id: 'S5',
        title: `recluster of ${MANY}: memory`,
        unit: 'GiB',
        target: { relation: '<=', value: 1 },
        values: memory,
        detail: 'most resident, messages included',
      },
    ];
  },
};

async function measure({ signal }: Bench, items: number, round: number): Promise<ReclusterReply> {
  await using child = new Child<ReclusterRequest, ReclusterReply>(CHILD, { signal });
  return await child.ask({ items, seed: round + 1 });
}

const seconds = ({ ms, clusters }: ReclusterReply) => `${(ms / 1_000).toFixed(1)} s (${clusters} clusters)`;
