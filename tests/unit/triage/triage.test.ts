import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadPolicy } from '../../../src/policy.ts';
import { Segmenter } from '../../../src/text/segment.ts';
import { decisionSchema } from '../../../src/triage/decision.ts';
import { readDocument } from '../../../src/triage/document.ts';
import { type TriageInput, triage } from '../../../src/triage/triage.ts';
import { anyMessage } from '../../_util/messages.ts';
import { predict } from '../../_util/prediction.ts';
import { type Core, DATA, loadCore } from '../../_util/triage.ts';

let core: Core;
beforeAll(async () => {
  core = await loadCore();
});

describe('a decision', () => {
  it('holds all that the issue asks for', () => {
    const decision = core.decide('我的账户被盗了，刚刚有人提走了12000 USDT，电话13812345678', {
      subject: 'Help',
      type: 'technical_issue',
      confidence: 0.87654321,
      topics: { account_security: 0.91234567, withdrawal: 0.5, deposit: 0.49 },
    });
    expect(decision).toMatchObject({
      language: 'zh',
      type: { key: 'technical_issue', confidence: 0.8765 },
      topics: [
        { key: 'account_security', confidence: 0.9123 },
        { key: 'withdrawal', confidence: 0.5 },
      ],
      risk_flags: ['security_compromise', 'funds_at_risk'],
      priority: 'P1',
      deadlines: { first_response_at: '2026-11-02T03:00:00.000Z', resolve_at: '2026-11-03T02:00:00.000Z' },
      queue: 'security',
      needs_review: { yes: false, why: [] },
      redactions: [{ kind: 'phone', field: 'text', start: 28, end: 39 }],
      input: { characters: 44, tokens: 10, truncated: false, reports: 0 },
      versions: { model: 'm', taxonomy: 't', rules: 'r', sla: 's', routing: 'q', head: 'h' },
    });
    expect(decision.type.alternatives).toHaveLength(3);
    expect(decision.priority_reasons.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['p1_security', 'p1_large_funds']),
    );
    expect(decision.urgency.reasons.map(({ quote }) => quote)).toEqual(
      expect.arrayContaining(['账户被盗', '12000 USDT']),
    );
    expect(JSON.stringify(decision)).not.toContain('13812345678');
  });

  it('shows no more topics than the taxonomy allows, most probable first', () => {
    const topics = {
      deposit: 0.6,
      withdrawal: 0.9,
      promotions: 0.8,
      education: 0.7,
      legal_privacy: 0.65,
      market_data: 0.4,
    };
    const { topics: given } = core.decide('你们好', { topics });
    expect(given.map(({ key }) => key)).toEqual(['withdrawal', 'promotions', 'education', 'legal_privacy']);
  });

  it('shows a first topic that is likely and further ones that are sure; of "other" only what is sure', () => {
    const keys = (type: string, topics: Record<string, number>) =>
      core
        .decide('你们好', { type, topics, topicThresholds: { first: 0.2, further: 0.5 } })
        .topics.map(({ key }) => key);
    expect(keys('question', { deposit: 0.3, withdrawal: 0.25 })).toEqual(['deposit']);
    expect(keys('question', { deposit: 0.7, withdrawal: 0.6 })).toEqual(['deposit', 'withdrawal']);
    expect(keys('question', { deposit: 0.1 })).toEqual([]);
    expect(keys('other', { deposit: 0.3 })).toEqual([]);
    expect(keys('other', { account_security: 0.9 })).toEqual(['account_security']);
  });

  it('quotes no personal data, however it is written around a phrase', () => {
    const { urgency } = core.decide('有人登录了我的账户zhang@qq.com把4111 1111 1111 1111里的钱转走了', {
      type: 'technical_issue',
    });
    const quotes = urgency.reasons.map(({ quote }) => quote).join(' ');
    expect(quotes).not.toMatch(/zhang|4111/u);
    expect(quotes).toContain('有人登录了');
  });

  it('always fits its schema, whatever comes in', () => {
    fc.assert(
      fc.property(anyMessage, ({ text, message }) => {
        const decision = core.decide(text, message);
        expect(decisionSchema.parse(decision)).toEqual(decision);
        expect(JSON.parse(JSON.stringify(decision))).toEqual(decision);
      }),
      { numRuns: 200 },
    );
  });

  it.each(['', ' ', '\n', '\u200B', '\uD83D', '\u0000', 'a'.repeat(20_000), '账'.repeat(20_000)])(
    'is made of odd input too (%#)',
    (text) => {
      expect(() => decisionSchema.parse(core.decide(text))).not.toThrow();
    },
  );
});

describe('replay', () => {
  it('gives the same decision again for the same input, in any order and from a policy loaded anew', async () => {
    const policy = await loadPolicy(DATA);
    const segmenter = new Segmenter(policy.words);
    const lines = readFileSync(path.join(DATA, 'samples/feedback.jsonl'), 'utf8').split('\n').filter(Boolean);
    const samples = lines.map((line): { text: string; subject?: string } => JSON.parse(line));
    const facts = { type: 'service_complaint', customer: { tier: 'vip' }, flags: { churn: 0.6 } } as const;
    const first = samples.map(({ text, subject = '' }) => core.decide(text, { ...facts, subject }));
    const again = [...samples].reverse().map(({ text, subject = '' }) => {
      const input: TriageInput = {
        document: readDocument(segmenter, { text, subject }),
        prediction: predict(facts),
        channel: 'chat',
        customer: facts.customer,
        receivedAt: new Date('2026-11-02T02:00:00Z'),
        tokens: 10,
        truncated: false,
        versions: { model: 'm', taxonomy: 't', rules: 'r', sla: 's', routing: 'q', head: 'h' },
      };
      return triage({ ...policy, timeZone: 'Asia/Shanghai' }, input);
    });
    expect(again.reverse()).toEqual(first);
  });

  it('leaves its input as it was', () => {
    const document = core.read('我的账户被盗了，提走了12000 USDT');
    const prediction = predict({ flags: { churn: 1 } });
    const before = structuredClone({ units: document.index.units, normal: document.normal, prediction });
    core.decide('我的账户被盗了，提走了12000 USDT', { flags: { churn: 1 } });
    triage(
      { ...core.policy, timeZone: 'UTC' },
      {
        document,
        prediction,
        channel: 'email',
        customer: {},
        receivedAt: new Date(0),
        tokens: 1,
        truncated: true,
        versions: { model: 'm', taxonomy: 't', rules: 'r', sla: 's', routing: 'q', head: 'h' },
      },
    );
    expect({ units: document.index.units, normal: document.normal, prediction }).toEqual(before);
  });
});
