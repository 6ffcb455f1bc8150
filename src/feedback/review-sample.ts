import { createHash } from 'node:crypto';

/** Whether an item is one of the random ones that people look at however sure the decision is; follows from its id. */
export function isReviewSample(id: string, percent: number): boolean {
  return createHash('sha256').update(`review:${id}`).digest().readUInt32BE(0) < (percent / 100) * 2 ** 32;
}
