import { describe, expect, test } from 'vitest';
import { MOST_PRECEDENTS, type Precedent, Precedents } from '../../../src/learning/precedents.ts';

const MEAN = new Float32Array(8);
const NEAR = Float32Array.of(1, 0.1, -0.1, 0, 0, 0, 0, 0);
const SAME = Float32Array.of(1, 0, 0, 0, 0, 0, 0, 0);

/** Flags of which the machine is sure. */
const only = (flags: readonly string[]) => () => ({ certain: flags, possible: flags });

function precedent(feedbackId: string, type: string, more: Partial<Precedent> = {}): Precedent {
  return { feedbackId, vector: SAME, values: { type }, machineFlags: [], ...more };
}

describe('precedents', () => {
  test('of two words about the same text the newer counts, whichever item it was said of', () => {
    const precedents = new Precedents();
    precedents.put(precedent('a', 'praise'));
    precedents.put(precedent('b', 'other'));
    expect(precedents.find(SAME, MEAN, only([]))).toMatchObject({ feedback_id: 'b' });
    precedents.put(precedent('a', 'question'));
    expect(precedents.find(SAME, MEAN, only([]))?.values.type).toBe('question');
  });

  test('what is read from the database, oldest first, counts in the same order', () => {
    const precedents = new Precedents();
    precedents.replace([precedent('a', 'praise'), precedent('b', 'other')]);
    expect(precedents.find(SAME, MEAN, only([]))?.values.type).toBe('other');
  });

  test('one in which the machine saw other flags does not hide a fitting one a little further away', () => {
    const precedents = new Precedents();
    precedents.put(precedent('denied', 'question', { vector: NEAR }));
    precedents.put(precedent('hacked', 'technical_issue', { machineFlags: ['security_compromise'] }));
    expect(precedents.find(SAME, MEAN, only([]))).toMatchObject({ feedback_id: 'denied' });
    expect(precedents.find(SAME, MEAN, only(['security_compromise']))).toMatchObject({ feedback_id: 'hacked' });
    expect(precedents.find(SAME, MEAN, only(['churn']))).toBeUndefined();
  });

  test('still counts when the machine has learned the flags that the person gave', () => {
    const precedents = new Precedents();
    precedents.put(precedent('a', 'question', { values: { type: 'question', risk_flags: ['churn'] } }));
    expect(precedents.find(SAME, MEAN, only([]))?.values).toEqual({ type: 'question', risk_flags: ['churn'] });
    expect(precedents.find(SAME, MEAN, only(['churn']))?.values).toEqual({ type: 'question', risk_flags: ['churn'] });
    expect(precedents.find(SAME, MEAN, only(['outage']))).toBeUndefined();
  });

  test('counts where a learned flag stands near its threshold, on whichever side the two messages came to lie', () => {
    const precedents = new Precedents();
    precedents.put(precedent('a', 'question', { machineFlags: ['churn'] }));
    const unsure = (certain: string[], possible: string[]) =>
      precedents.find(SAME, MEAN, () => ({ certain, possible }));
    expect(unsure([], ['churn'])).toMatchObject({ feedback_id: 'a' });
    expect(unsure([], [])).toBeUndefined();
    expect(unsure(['outage'], ['churn', 'outage'])).toBeUndefined();
  });

  test('of which only the priority was said does not hide an older one that says more', () => {
    const precedents = new Precedents();
    precedents.put(precedent('a', 'praise'));
    precedents.put(precedent('b', '', { values: { priority: 'P2' } }));
    expect(precedents.find(SAME, MEAN, only([]))).toMatchObject({ feedback_id: 'a', values: { type: 'praise' } });
  });

  test('is as many as it may be: the oldest word is forgotten', () => {
    const precedents = new Precedents();
    for (let at = 0; at <= MOST_PRECEDENTS; at++) precedents.put(precedent(`item-${at}`, 'praise'));
    expect(precedents.size).toBe(MOST_PRECEDENTS);
  });
});
