import { recluster } from '../../src/clusters/recluster/recluster.ts';
import { answerParent } from '../answer-parent.ts';
import { generateMessages } from './messages.ts';
import type { ReclusterReply, ReclusterRequest } from './protocol.ts';

answerParent(async ({ items, seed }: ReclusterRequest): Promise<ReclusterReply> => {
  const messages = generateMessages(items, seed);
  const before = process.cpuUsage();
  const { clusters } = recluster(messages, { seed, newId: (at) => String(at) });
  const { user, system } = process.cpuUsage(before);
  const found = new Set(clusters.filter((cluster) => cluster !== undefined));
  return { ms: (user + system) / 1_000, peakKiB: process.resourceUsage().maxRSS, clusters: found.size };
});
