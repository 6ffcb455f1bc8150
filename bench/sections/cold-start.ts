import type { Section } from '../bench.ts';
import { Service } from '../service/service.ts';

const MS_PER_S = 1000;

export const coldStart: Section = {
  id: 'S8',
  how: 'From starting the process to the first 200 of `/readyz`, on a folder in which an earlier start has made the database and trained the heads. The files are in the page cache, as after a restart of the service, not after one of the machine.',
  async run(bench) {
    const dataDir = await bench.dataDir();
    const values: number[] = [];
    for (let start = 0; start < bench.rounds; start++) {
      bench.progress('S8', start, bench.rounds);
      await using service = await Service.start({ bench, dataDir });
      values.push(service.startMs / MS_PER_S);
    }
    bench.progress('S8', bench.rounds, bench.rounds);
    return [
      {
        id: 'S8',
        title: 'cold start to ready, database present',
        unit: 's',
        target: { relation: '<=', value: 5 },
        values,
        detail: `${bench.rounds} starts, ${bench.cores} sessions, PGlite`,
      },
    ];
  },
};
