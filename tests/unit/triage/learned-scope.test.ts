import { beforeAll, describe, expect, test } from 'vitest';
import { type Core, loadCore } from '../../_util/triage.ts';

let core: Core;
beforeAll(async () => {
  core = await loadCore();
});

/** What is raised when the learned head is sure of the flag, whatever the words hang on. */
const flagsOf = (text: string, flag: string, type = 'service_complaint') =>
  core.decide(text, { type, flags: { [flag]: 0.95 } }).risk_flags;

describe('words of a flag that are out of force leave the learned head no say', () => {
  test.each([
    ['denied', 'churn', 'I am not leaving you, but the withdrawal fee is a joke'],
    ['denied', 'churn', "I won't switch to another broker, but your spread is bad"],
    ['denied', 'churn', '我不打算销户，但是客服态度太差'],
    ['denied', 'churn', '不是要注销账户，只是想换绑手机'],
    ['denied', 'legal_threat', "I won't sue you, I just want an answer"],
    ['denied', 'legal_threat', '我不会起诉你们，只想要个说法'],
    ['imagined', 'security_compromise', 'If my account gets hacked, who do I call?'],
    ['imagined', 'security_compromise', '万一账户被盗怎么办'],
    ['past', 'legal_threat', 'Two years ago I sued another broker'],
    ['about others', 'legal_threat', 'My friend sued them'],
    ['quoted', 'security_compromise', '文章说“账户被盗”，写得不清楚'],
  ])('%s: %s in “%s”', (_, flag, text) => {
    expect(flagsOf(text, flag)).not.toContain(flag);
  });

  test.each([
    ['no words of the flag', 'churn', 'I am done here'],
    ['in force besides', 'churn', 'I am not leaving you today, but next week I close my account'],
    ['a refusal of theirs before a threat', 'legal_threat', "If you won't refund me I will sue you"],
    ['asked about', 'churn', 'How do I close my account? I am consolidating everything at Kraken.'],
    ['never let off', 'self_harm', 'I would never kill myself, but I feel empty'],
    ['never let off', 'self_harm', '要是我跳楼了你们会不会回复'],
  ])('but they do where it is otherwise: %s, %s in “%s”', (_, flag, text) => {
    expect(flagsOf(text, flag)).toContain(flag);
  });
});
