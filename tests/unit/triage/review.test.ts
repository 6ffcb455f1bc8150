import { beforeAll, describe, expect, it } from 'vitest';
import { type Core, loadCore, type Message } from '../../_util/triage.ts';

let core: Core;
beforeAll(async () => {
  core = await loadCore();
});

const review = (text: string, message: Message = {}) => {
  const { needs_review } = core.decide(text, message);
  expect(needs_review.yes).toBe(needs_review.why.length > 0);
  for (const { note } of needs_review.why) expect([note.zh, note.en].every((part) => part.length > 5)).toBe(true);
  return needs_review.why.map(({ code }) => code);
};

describe('what a person should look at', () => {
  it('nothing that is sure, familiar and covered', () => {
    expect(review('请问手续费多少')).toEqual([]);
    expect(review('How much is the fee, 请问?')).toEqual([]);
  });

  it.each([0.59, 0.3])('a type below the threshold: %d', (confidence) => {
    expect(review('请问手续费多少', { confidence })).toEqual(['low_confidence']);
    expect(review('请问手续费多少', { confidence, typeThreshold: confidence })).toEqual([]);
  });

  it('what is unlike any example', () => {
    expect(review('请问手续费多少', { isFamiliar: false })).toEqual(['unfamiliar']);
  });

  it.each(['👍👍', '...', '12345', '[PHONE]', '13812345678', ' !?'])('a message without words: %s', (text) => {
    expect(review(text, { type: 'praise', confidence: 0.1, isFamiliar: false })).toEqual(['no_words']);
    const decision = core.decide(text, { type: 'praise', topics: { deposit: 0.9 } });
    expect(decision).toMatchObject({ type: { key: 'other' }, topics: [], priority: 'P4' });
  });

  it('a language that is not covered, found or told', () => {
    expect(review('Мои деньги пропали, помогите пожалуйста')).toEqual(['other_language']);
    expect(review('No puedo retirar mi dinero desde hace tres días')).toEqual(['other_language']);
    expect(review('How much is the fee', { language: 'fr' })).toEqual(['other_language']);
    expect(review('Мои деньги пропали', { language: 'en' })).toEqual([]);
  });

  it('what a rule says a person must see, and where it overrules the heads', () => {
    expect(review('我不想活了', { type: 'other' })).toEqual(['person_required']);
    expect(review('我的账户被盗了', { type: 'question' })).toEqual(['rule_overrides_model']);
    expect(review('我的账户被盗了', { type: 'technical_issue' })).toEqual([]);
  });

  it('gives every reason, not only the first', () => {
    const codes = review('my account was hacked, I want to kill myself', { confidence: 0.3, isFamiliar: false });
    expect(codes).toEqual(['unfamiliar', 'person_required', 'rule_overrides_model']);
  });
});
