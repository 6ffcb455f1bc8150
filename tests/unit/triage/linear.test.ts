import { beforeAll, describe, expect, it } from 'vitest';
import { redact } from '../../../src/triage/redact.ts';
import { type Core, loadCore } from '../../_util/triage.ts';

const SHORT = 5_000;
const LONG = 20_000;
/** Four times the text may take 4 ** 1.5 = 8 times as long; a square would take 16 times. */
const MAX_EXPONENT = 1.5;
/** Below this the clock of the processor and the collector of garbage say more than the code. */
const NOISE_MS = 12;
const ROUNDS = 3;

let core: Core;
beforeAll(async () => {
  core = await loadCore();
  for (const word of ['预热 ', 'warm up 13812345678 $5 ']) core.decide(word.repeat(200));
});

function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** The least of some rounds, in turns, so that what else the machine does weighs on both alike. */
function growth(unit: string, work: (text: string) => void): { short: number; long: number } {
  const texts = [SHORT, LONG].map((length) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length));
  const best = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < ROUNDS; round++) {
    texts.forEach((text, index) => {
      best[index] = Math.min(
        best[index] ?? 0,
        cpuMs(() => work(text)),
      );
    });
  }
  return { short: best[0] ?? 0, long: best[1] ?? 0 };
}

function expectLinear(unit: string, work: (text: string) => void): void {
  const { short, long } = growth(unit, work);
  expect(long).toBeLessThan(short * (LONG / SHORT) ** MAX_EXPONENT + NOISE_MS);
}

describe('20 000 characters take four times as long as 5 000', () => {
  it.each([
    // one character
    ...['a', '1', '+', '(', '[', '.', '@', '-', '$', "'", '账', '一', '½', '😀', '\u0301', '\n', 'é', 'の'],
    // what patterns begin with
    ...['a@', 'a.', '1,', '1 ', '1-', '0x', '$1 ', '1u ', '一万', '[a', '(1', 'http://a.b/'],
    // the first words of phrases, and phrases that nearly stand
    ...['withdraw ', '提现', 'transfer ', 'account ', '账户', 'someone ', '有人', '冒充', '提现 没'],
    // scopes: cues, what they govern, absorb and void
    ...[
      'not ',
      '没给',
      'if hacked ',
      'not resolved ',
      'no hacked ',
      'friend my account hacked ',
      '我朋友账户被盗',
      '没被盗',
    ],
  ])('deciding: %j', (unit) => {
    expectLinear(unit, (text) => core.decide(text, { type: 'technical_issue' }));
  });

  it.each(['4111 1111 1111 1111 ', '4111111111111112 ', 'a@b.co ', '13812345678，', '+1 415 ', '11010519491231002X '])(
    'masking: %j',
    (unit) => {
      expectLinear(unit, redact);
    },
  );
});
