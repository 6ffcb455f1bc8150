import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { loadConfig } from '../../src/config.ts';
import { type Context, openContext } from '../../src/context.ts';
import { createApp } from '../../src/http/app.ts';
import { type Decision, decisionSchema } from '../../src/triage/decision.ts';
import { OPEN_TIMEOUT_MS, quiet } from '../_util/db.ts';
import { createIdleQueue } from '../_util/jobs.ts';
import { makeDatabaseFolder } from '../cli/run.ts';

/** The real encoder, the head learned from all seeds, the embedded database: what a user has after `npm start`. */
let data: Awaited<ReturnType<typeof makeDatabaseFolder>>;
let context: Context;
beforeAll(async () => {
  data = await makeDatabaseFolder();
  const config = loadConfig({ DATA_DIR: data.folder, ENCODER_SESSIONS: '1' });
  context = await openContext({ config, logger: quiet });
}, OPEN_TIMEOUT_MS);
afterAll(async () => {
  await context[Symbol.asyncDispose]();
  await data[Symbol.asyncDispose]();
});

async function classify(body: Record<string, unknown>): Promise<Decision> {
  // As `curl -d` sends it.
  const headers = { host: 'localhost:8080', 'content-type': 'application/x-www-form-urlencoded' };
  const response = await createApp(context, createIdleQueue()).request('/classify', {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return z.strictObject({ ...decisionSchema.shape, timing_ms: z.number() }).parse(await response.json());
}

describe('what the issue shows when done', () => {
  test('a stolen account in Chinese', async () => {
    const text = '我的账户被盗了，刚刚有人提走了12000 USDT';
    const decision = await classify({ text });
    expect(decision).toMatchObject({
      language: 'zh',
      type: { key: 'technical_issue' },
      risk_flags: ['security_compromise', 'funds_at_risk'],
      priority: 'P1',
      queue: 'security',
    });
    expect(decision.topics.map(({ key }) => key)).toContain('account_security');
    const quotes = decision.urgency.reasons.flatMap(({ quote, start, end }) =>
      quote === null ? [] : [{ quote, start, end }],
    );
    expect(quotes.map(({ quote }) => quote).join(' ')).toMatch(/被盗/);
    expect(quotes.map(({ quote }) => quote).join(' ')).toMatch(/12000 USDT|提走/);
    for (const { quote, start, end } of quotes) expect(text.slice(start ?? 0, end ?? 0)).toBe(quote);
    expect(decision.priority_reasons.length).toBeGreaterThan(0);
    expect(decision.counterfactual?.priority).not.toBe('P1');
  });

  test.each(['I was *not* hacked, just asking how 2FA works', 'I was not hacked, just asking how 2FA works'])(
    'a question that denies the worst: %s',
    async (text) => {
      const decision = await classify({ text });
      expect(decision).toMatchObject({
        language: 'en',
        type: { key: 'question' },
        risk_flags: [],
        priority: 'P4',
        deadlines: { resolve_at: null },
      });
    },
  );

  test('a decision is the same again', async () => {
    const strip = ({ deadlines: _, ...decision }: Decision & { timing_ms?: number }) => ({ ...decision, timing_ms: 0 });
    const text = '提现三天没到账，再不处理我就报警';
    expect(strip(await classify({ text }))).toEqual(strip(await classify({ text })));
  });

  test('a long text is cut and says so', async () => {
    const long = await classify({ text: '提现一直没有到账，客服也没有回复我。'.repeat(1_000) });
    const short = await classify({ text: '提现一直没有到账' });
    expect([long.input.truncated, short.input.truncated]).toEqual([true, false]);
    expect(long.input.tokens).toBeLessThanOrEqual(512);
    expect(long.input.characters).toBe(18_000);
  });
});
