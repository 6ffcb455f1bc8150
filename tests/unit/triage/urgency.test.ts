import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { decisionSchema } from '../../../src/triage/decision.ts';
import { derivePriority } from '../../../src/triage/urgency.ts';
import { anyMessage } from '../../_util/messages.ts';
import { evaluate, rulesOf } from '../../_util/rules.ts';
import { type Core, DATA, loadCore } from '../../_util/triage.ts';

const BANDS = { P1: [75, 100], P2: [50, 74], P3: [25, 49], P4: [0, 24] } as const;

let core: Core;
beforeAll(async () => {
  core = await loadCore();
});

describe('urgency', () => {
  it('lies in the band of the priority, and is the sum of the points that are shown', () => {
    fc.assert(
      fc.property(anyMessage, ({ text, message }) => {
        const { urgency, priority } = core.decide(text, message);
        const [low, high] = BANDS[priority];
        expect(urgency.score).toBeGreaterThanOrEqual(low);
        expect(urgency.score).toBeLessThanOrEqual(high);
        expect(urgency.reasons.reduce((sum, { points }) => sum + points, 0)).toBe(urgency.score);
      }),
      { numRuns: 300 },
    );
  });

  it('quotes the very words, where they stand, in subject or text', () => {
    fc.assert(
      fc.property(anyMessage, ({ text, message }) => {
        const decision = core.decide(text, message);
        expect(decisionSchema.safeParse(decision).success).toBe(true);
        for (const { quote, field, start, end } of decision.urgency.reasons) {
          if (quote === null || field === null || start === null || end === null) continue;
          const source = field === 'subject' ? (message.subject ?? '') : text;
          expect(0 <= start && start < end && end <= source.length).toBe(true);
          if (decision.redactions.length === 0) expect(quote).toBe(source.slice(start, end));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('shows the customer’s own spelling, personal data masked', () => {
    const { reasons } = core.decide('我的賬戶１３８１２３４５６７８被\u200B盜了', { type: 'technical_issue' }).urgency;
    const reason = reasons.find(({ rule }) => rule === 'account_taken_over');
    expect(reason).toMatchObject({ quote: '賬戶[PHONE]被\u200B盜', field: 'text', start: 2, end: 18 });
  });

  it('counts one flag once: the strongest rule that raises it, the others are shown with no points', () => {
    const rules = rulesOf(`
weak: { when: { phrases: [weak] }, then: { flag: churn, points: 3 } }
strong: { when: { phrases: [strong] }, then: { flag: churn, points: 9 } }
other: { when: { phrases: [other] }, then: { flag: abuse, points: 5 } }
plain: { when: { phrases: [plain] }, then: { points: 2 } }
`);
    const { score, reasons } = core.decide('weak strong other plain', {}, { rules }).urgency;
    expect(reasons.map(({ rule, points }) => `${rule} ${points}`)).toEqual([
      'strong 9',
      'other 5',
      'plain 2',
      'weak 0',
    ]);
    expect(score).toBe(16);
  });

  it('orders the items inside a band', () => {
    const score = (text: string) => core.decide(text, { type: 'technical_issue' }).urgency.score;
    expect(score('我的账户被盗了，刚刚有人提走了12000 USDT')).toBeGreaterThan(score('我的账户好像被盗了'));
    expect(score('WHY IS THE APP SO SLOW!!!')).toBeGreaterThan(score('why is the app so slow'));
  });

  it('names both ends: what was raised to the floor, what was held to the ceiling', () => {
    const rules = (text: string) => core.decide(text, { type: 'question' }).urgency.reasons.map(({ rule }) => rule);
    expect(rules('我要销户')).toContain('priority_floor');
    const much = '我不想活了，账户被盗，提走了20万USDT，全平台都登不上，我要报警找律师，微博曝光你们';
    expect(core.decide(much, { type: 'technical_issue' }).urgency).toMatchObject({ score: 100 });
    expect(rules(much)).toContain('priority_ceiling');
  });
});

describe('priority', () => {
  const rules = rulesOf(`
two: { when: { phrases: [two] }, then: { floor: P2 } }
one: { when: { phrases: [one] }, then: { floor: P1 } }
cap: { when: { phrases: [cap] }, then: { ceiling: P3 } }
`);
  it.each([
    ['nothing', 'P4'],
    ['two', 'P2'],
    ['two one', 'P1'],
    ['one cap', 'P3'],
    ['cap', 'P4'],
  ])('the highest floor, then the ceiling: %s → %s', (text, priority) => {
    expect(derivePriority(evaluate(text, rules))).toBe(priority);
  });

  it('is explained: a rule for every priority above P4', () => {
    const lines = readFileSync(path.join(DATA, 'samples/feedback.jsonl'), 'utf8').split('\n').filter(Boolean);
    for (const line of lines) {
      const { text } = JSON.parse(line);
      const decision = core.decide(text, { type: 'technical_issue' });
      if (decision.priority === 'P4') continue;
      expect(decision.priority_reasons.length).toBeGreaterThan(0);
      for (const reason of decision.priority_reasons) expect(reason).toMatchObject({ priority: decision.priority });
    }
  });

  it('is explained where a ceiling decided', () => {
    const { priority, priority_reasons } = core.decide('one cap', {}, { rules });
    expect(priority).toBe('P3');
    expect(priority_reasons.map(({ rule }) => rule)).toEqual(['cap']);
  });
});
