import { setTimeout as sleep } from 'node:timers/promises';
import type { Section } from '../bench.ts';
import { Service } from '../service/service.ts';

const SESSIONS = 2;
const SETTLE_MS = 10_000;
const MOST_STARTS = 3;
const KIB_PER_GIB = 1_048_576;

export const idleMemory: Section = {
  id: 'S7',
  how: `The service is started as a user starts it, with ${SESSIONS} sessions and the embedded database, on a folder that an earlier start has filled. ${SETTLE_MS / 1000} s after it is ready, without a request, the resident memory of its process and of all its descendants is added up (\`ps\`, RSS). Only the idle half of S7 is measured here, not the one after 100 000 items.`,
  async run(bench) {
    const dataDir = await bench.dataDir();
    const starts = Math.min(bench.rounds, MOST_STARTS);
    const values: number[] = [];
    for (let start = 0; start < starts; start++) {
      bench.progress('S7', start, starts);
      await using service = await Service.start({ bench, dataDir, settings: { ENCODER_SESSIONS: String(SESSIONS) } });
      await sleep(SETTLE_MS, undefined, { signal: bench.signal });
      values.push((await service.residentKiB()) / KIB_PER_GIB);
    }
    bench.progress('S7', starts, starts);
    return [
      {
        id: 'S7',
        title: `resident memory, idle, model and ${SESSIONS} sessions`,
        unit: 'GiB',
        target: { relation: '<=', value: 1.1 },
        values,
        detail: `${starts} starts, ${SETTLE_MS / 1000} s after ready`,
      },
    ];
  },
};
