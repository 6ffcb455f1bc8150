import { redact } from '../../src/triage/redact.ts';
import { loadCore } from '../../tests/_util/triage.ts';
import type { Section } from '../bench.ts';
import { GROWTH_UNITS } from '../growth-units.ts';

const SHORT = 5_000;
const LONG = 20_000;
/** Shorter work is lost in what the machine does beside it. */
const LEAST_MS = 1;
const US_PER_MS = 1_000;

/** How the time of masking and deciding a text grows with its length, in the worst of many texts. */
export const textGrowth: Section = {
  id: 'X5',
  how: `Texts of one unit again and again (a character, the beginning of a pattern, a cue of a scope: \`bench/growth-units.ts\`) are masked, and decided by the rules, with ${SHORT} and with ${LONG} characters in turns. Of each the least time of the processor in the rounds counts; the exponent is the logarithm of their ratio by that of the lengths, of the worst unit.`,
  async run(bench) {
    const core = await loadCore();
    const works = { masking: redact, deciding: (text: string) => core.decide(text, { type: 'technical_issue' }) };
    let worst = { exponent: 0, what: '' };
    for (const [at, unit] of GROWTH_UNITS.entries()) {
      bench.signal.throwIfAborted();
      bench.progress('X5', at, GROWTH_UNITS.length);
      for (const [name, work] of Object.entries(works)) {
        const exponent = exponentOf(unit, work, bench.rounds);
        if (exponent > worst.exponent) worst = { exponent, what: `${name} ${JSON.stringify(unit)}` };
      }
    }
    return [
      {
        id: 'X5',
        title: 'growth of deciding a text with its length, exponent of the worst',
        unit: '',
        target: { relation: '<=', value: 1.15 },
        values: [worst.exponent],
        detail: `${GROWTH_UNITS.length} units; the worst: ${worst.what}`,
      },
    ];
  },
};

function exponentOf(unit: string, work: (text: string) => unknown, rounds: number): number {
  const texts = [SHORT, LONG].map((length) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length));
  const best = texts.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round <= rounds; round++)
    texts.forEach((text, at) => {
      const before = process.cpuUsage();
      work(text);
      const { user, system } = process.cpuUsage(before);
      best[at] = Math.min(best[at] ?? 0, (user + system) / US_PER_MS);
    });
  const [short = LEAST_MS, long = LEAST_MS] = best.map((ms) => Math.max(ms, LEAST_MS));
  return Math.log(long / short) / Math.log(LONG / SHORT);
}
