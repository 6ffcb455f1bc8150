import { beforeAll, describe, expect, test } from 'vitest';
import { deriveFlagBand } from '../../../src/triage/flag-band.ts';
import { judge } from '../../../src/triage/judge.ts';
import { type PredictionFacts, predict } from '../../_util/prediction.ts';
import { type Core, loadCore } from '../../_util/triage.ts';

describe('the flags that a slightly different wording could have', () => {
  let core: Core;
  beforeAll(async () => {
    core = await loadCore();
  });

  const bandOf = (text: string, facts: PredictionFacts) =>
    deriveFlagBand(
      judge(core.policy, { document: core.read(text), prediction: predict(facts), channel: 'chat', customer: {} }),
    );

  test.each([0.4, 0.55])('churn learned at %f is possible and not certain', (churn) => {
    for (const text of ['我再看看要不要继续用你们家', 'Not sure this is still the place for me']) {
      const { certain, possible } = bandOf(text, { type: 'service_complaint', flags: { churn } });
      expect(certain).toEqual([]);
      expect(possible).toEqual(['churn']);
    }
  });

  test('what words say is certain, and what they deny is not possible', () => {
    const flags = { security_compromise: 0.5 };
    expect(bandOf('我的账户被盗了', { flags: {} }).certain).toContain('security_compromise');
    expect(bandOf('My account was hacked', { flags: {} }).certain).toContain('security_compromise');
    expect(bandOf('My account was not hacked', { flags, topics: { account_security: 0.9 } }).possible).toEqual([]);
    expect(bandOf('我的账户没有被盗', { flags, topics: { account_security: 0.9 } }).possible).toEqual([]);
  });

  test('of what the heads are sure nothing is left open', () => {
    const facts = { type: 'service_complaint', flags: { churn: 0.97 } };
    expect(bandOf('我们就到这里吧', facts).certain).toEqual(['churn']);
    expect(bandOf('我们就到这里吧', { ...facts, flags: { churn: 0.05 } }).possible).toEqual([]);
  });
});
