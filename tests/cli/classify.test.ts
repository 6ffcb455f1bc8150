import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { decisionSchema } from '../../src/triage/decision.ts';
import { CLI_TIMEOUT_MS, makeDataFolder, runCli } from './run.ts';

const STOLEN = '我的账户被盗了，刚刚有人提走了12000 USDT';

let data: Awaited<ReturnType<typeof makeDataFolder>>;
beforeAll(async () => {
  data = await makeDataFolder();
});
afterAll(() => data[Symbol.asyncDispose]());

const classify = async (...args: string[]) => {
  const { code, stdout, stderr } = await runCli(['classify', ...args], { settings: { DATA_DIR: data.folder } });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
};

describe('classify', { timeout: CLI_TIMEOUT_MS }, () => {
  test('one decision to read, in Chinese, with the words it rests on', async () => {
    const text = await classify(STOLEN, '--lang', 'zh');
    expect(text).toMatch(/^级别: P1 {2}\S/);
    expect(text).toMatch(/^类型: 技术问题 \(\d+ %\)$/m);
    expect(text).toMatch(/^主题: .*账户安全/m);
    expect(text).toMatch(/^风险标记: 账户被盗, 资金风险$/m);
    expect(text).toMatch(/«[^»]*被盗[^»]*»/);
    expect(text).not.toMatch(/[A-Z]{4,}: /);
  });

  test('the same in English, with subject, channel and facts about the customer', async () => {
    const args = [
      '--subject',
      'Login',
      '--channel',
      'email',
      '--tier',
      'vip',
      '--prior-contacts',
      '2',
      '--open-positions',
    ];
    const text = await classify('Cannot log in, call 13912345678', ...args, '--lang', 'en');
    expect(text).toMatch(/^prio: P2 {2}\S/);
    expect(text).toMatch(/^Personal data masked: phone$/m);
    expect(text).toMatch(/^Deadlines: first response \d{4}-\d\d-\d\d \d\d:\d\d, resolution .*\(Asia\/Shanghai\)$/m);
    expect(text).toMatch(/^Urgency: \d+\/100$/m);
    expect(text).not.toContain('13912345678');
    expect(text).not.toMatch(/\p{Script=Han}/u);
  });

  test('--json gives the decision of the API', async () => {
    const decision = z.strictObject(decisionSchema.shape).parse(JSON.parse(await classify(STOLEN, '--json')));
    expect(decision).toMatchObject({ language: 'zh', priority: 'P1', queue: 'security' });
  });
});
