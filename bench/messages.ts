import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { DATA_FOLDER } from '../src/context.ts';
import { createRandom } from '../src/learning/random.ts';
import type { Seed } from '../src/triage/taxonomy.ts';

/** Share of texts made of one, two, three and four messages; gives about 58 tokens on average, 20 to 120 mostly. */
const SHARE_BY_PARTS = [0.35, 0.42, 0.16, 0.07];
const HAN = /\p{Script=Han}/u;
const ENDS = /[\p{P}\p{Emoji_Presentation}]$/u;
const sampleSchema = z.looseObject({ text: z.string() });

/**
 * An endless row of texts, no two of them equal: each joins one to four messages of one language from the public
 * sample file and the seed examples. The same seed gives the same row.
 */
export async function* generateTexts(seeds: readonly Seed[], seed: number): AsyncGenerator<string> {
  const messages = [...seeds.map(({ text }) => text), ...(await readSamples())];
  const pools = [messages.filter((text) => HAN.test(text)), messages.filter((text) => !HAN.test(text))];
  const random = createRandom(seed);
  const seen = new Set<string>();
  for (;;) {
    const pool = pools[random() < 0.5 ? 0 : 1] ?? [];
    const parts = Array.from({ length: drawCount(random) }, () => pool[Math.floor(random() * pool.length)] ?? '');
    const text = parts.reduce(join);
    if (seen.has(text)) continue;
    seen.add(text);
    yield text;
  }
}

async function readSamples(): Promise<string[]> {
  const file = path.join(DATA_FOLDER, 'samples', 'feedback.jsonl');
  const texts: string[] = [];
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (line.trim() !== '') texts.push(sampleSchema.parse(JSON.parse(line)).text);
  }
  return texts;
}

function drawCount(random: () => number): number {
  let left = random();
  const at = SHARE_BY_PARTS.findIndex((share) => {
    left -= share;
    return left < 0;
  });
  return at < 0 ? 1 : at + 1;
}

function join(left: string, right: string): string {
  if (!HAN.test(left)) return `${left}${ENDS.test(left) ? '' : '.'} ${right}`;
  return `${left}${ENDS.test(left) ? '' : '。'}${right}`;
}
