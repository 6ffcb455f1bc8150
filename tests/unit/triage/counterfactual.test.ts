import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Rule } from '../../../src/triage/rules.ts';

import { anyMessage } from '../../_util/messages.ts';
import { rulesOf } from '../../_util/rules.ts';
import { type Core, loadCore, type Message, type PolicyChanges } from '../../_util/triage.ts';

let core: Core;
beforeAll(async () => {
  core = await loadCore();
});

const LARGE = [{ amount: 1e6, currency: 'USD', amountUsd: 1e6, start: 0, end: 0 }];
/** The policy without what raises one flag. */
const silence = (rules: readonly Rule[], keep: (flag: string) => boolean) =>
  rules.filter(({ then: { flag } }) => flag === undefined || keep(flag));

/** Makes the change that a counterfactual names, in the facts that go in, and decides anew. */
function carryOut(change: string, text: string, message: Message): string {
  const { customer = {} } = message;
  const { taxonomy, ruleBook } = core.policy;
  const { rules } = ruleBook;
  const again = (facts: Message, changes: PolicyChanges = {}) =>
    core.decide(text, { ...message, ...facts }, changes).priority;
  const flag = taxonomy.risk_flags.find(({ name }) => change.includes(`“${name.en}”`))?.key;
  if (change === 'if the sum were small') return again({}, { readAmounts: () => [] });
  if (change === 'if a large sum were at stake') return again({}, { readAmounts: () => LARGE });
  if (change === 'if it were the first contact')
    return again({ customer: { ...customer, prior_contacts_same_matter: 0 } });
  if (change === 'if it were the third contact')
    return again({ customer: { ...customer, prior_contacts_same_matter: 2 } });
  if (change === 'if the customer had no special tier') return again({ customer: { ...customer, tier: 'standard' } });
  if (change === 'if the customer were a VIP') return again({ customer: { ...customer, tier: 'vip' } });
  if (change === 'if positions were open') return again({ customer: { ...customer, open_positions: true } });
  if (change === 'without any risk flag') return again({}, { rules: silence(rules, () => false) });
  if (flag !== undefined && change.startsWith('without'))
    return again({}, { rules: silence(rules, (given) => given !== flag) });
  if (flag !== undefined)
    return again(
      {},
      { rules: [...rulesOf(`given: { when: { channel: [chat] }, then: { flag: ${flag} } }`), ...rules] },
    );
  const type = taxonomy.types.find(({ name }) => change === `if it were: ${name.en.toLowerCase()}`)?.key;
  if (type === undefined) throw new Error(`nothing is known of the change "${change}"`);
  return again({ type });
}

describe('counterfactual', () => {
  it.each([
    ['提现12000 USDT三天了还没到账', { type: 'technical_issue' }, 'if the sum were small', 'P2'],
    ['提现9000 USDT三天了还没到账', { type: 'technical_issue' }, 'without the flag “Funds at risk”', 'P3'],
    ['my account was hacked', { type: 'technical_issue' }, 'without the flag “Security compromise”', 'P3'],
    ["I can't log in", { type: 'technical_issue' }, 'if positions were open', 'P2'],
    ['客服态度太差', { type: 'service_complaint' }, 'if it were the third contact', 'P2'],
    ['请问手续费多少', { customer: { prior_contacts_same_matter: 3 } }, 'if it were the first contact', 'P4'],
    ['图表加载慢', { type: 'technical_issue', customer: { tier: 'vip' } }, 'if the customer had no special tier', 'P3'],
    ['谢谢', { type: 'praise' }, 'with the flag “Funds at risk”', 'P2'],
    ['我不想活了，全平台都登不上', { type: 'technical_issue' }, 'without any risk flag', 'P3'],
  ])('%s', (text, message, change, priority) => {
    const { counterfactual } = core.decide(text, message);
    expect(counterfactual).toMatchObject({ change: { en: change }, priority });
    expect(counterfactual?.change.zh).toMatch(/^如果/u);
  });

  it('names a change that really changes the priority, to the one it says', () => {
    fc.assert(
      fc.property(anyMessage, ({ text, message }) => {
        const { counterfactual, priority } = core.decide(text, message);
        if (counterfactual === null) return;
        expect(counterfactual.priority).not.toBe(priority);
        const change = counterfactual.change.en;
        expect([change, carryOut(change, text, message)]).toEqual([change, counterfactual.priority]);
      }),
      { numRuns: 400 },
    );
  });

  it('is null where nothing that can be changed matters', () => {
    expect(core.decide('hello', {}, { rules: [] }).counterfactual).toBeNull();
  });
});
