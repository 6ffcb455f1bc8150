import { describe, expect, it } from 'vitest';
import { fired, lexiconOf, rulesOf } from '../../_util/rules.ts';

const rules = rulesOf(`
hit: { when: { phrases: [hit, '被盗', 'left ~4 right'] }, then: { points: 1 } }
`);
/** Whether the phrase is in force under one group of cues of one scope. */
const holds = (text: string, group: string, scope = 'negated') =>
  fired(text, rules, { lexicon: lexiconOf(`${scope}: [{ ${group} }]`) }).length > 0;

describe('how far a cue reaches', () => {
  const clause = "phrases: [not, '没'], reach: clause, within: 3, side: before";
  it.each([
    ['hit', true],
    ['not hit', false],
    ['not a b c hit', false],
    ['not a b c d hit', true],
    ['hit not', true],
    ['not a, hit', true],
    ['not a: hit', true],
    ['not a -- hit', true],
    ['not a but hit', true],
    ['not because hit', true],
    ['不是，没被盗', false],
    ['没看见，被盗', true],
    ['没但被盗', true],
    ['not. Hit', true],
  ])('clause, three units, before: "%s" → %s', (text, inForce) => {
    expect(holds(text, clause)).toBe(inForce);
  });

  const sentence = 'phrases: [if], reach: sentence, within: 9, side: both';
  it.each([
    ['if a, b, hit', false],
    ['hit, if a', false],
    ['if a. Hit', true],
    ['if a! Hit', true],
    ['if a\nhit', true],
    ['hit? If a', true],
    ['if a b c d e f g h i j hit', true],
  ])('sentence, nine units, both sides: "%s" → %s', (text, inForce) => {
    expect(holds(text, sentence)).toBe(inForce);
  });

  it('text reaches over everything but its number of units', () => {
    const text = 'phrases: [demo], reach: text, within: 6, side: both';
    expect(holds('demo. A b! Hit', text)).toBe(false);
    expect(holds('Hit. A b. Demo', text)).toBe(false);
    expect(holds('demo. A b c d e f hit', text)).toBe(true);
  });

  it('a cue inside a gap of the phrase governs it', () => {
    expect(holds('left is not right', clause)).toBe(false);
    expect(holds('left is right', clause)).toBe(true);
  });

  it('a cue far away is no shadow over a nearer place that is free', () => {
    expect(holds('not hit. But now hit', clause)).toBe(true);
  });
});

describe('what undoes a cue', () => {
  const absorbed = 'phrases: [not, if], reach: clause, within: 5, side: before, absorbed_by: [solved, possible]';
  it.each([
    ['not solved hit', true],
    ['not yet solved hit', true],
    ['if possible hit', true],
    ['not hit', false],
    ['not very much solved hit', false],
  ])('an absorber behind it: "%s" → %s', (text, inForce) => {
    expect(holds(text, absorbed)).toBe(inForce);
  });

  const voided = 'phrases: [friend], reach: sentence, within: 9, side: both, voided_by: [my]';
  it.each([
    ['friend hit', false],
    ['friend says my hit', true],
    ['my friend hit', false],
    ['hit, says friend', false],
    ['hit my friend', true],
  ])('a word between: "%s" → %s', (text, inForce) => {
    expect(holds(text, voided, 'third_person')).toBe(inForce);
  });

  it('counts the nearest cue: one that is voided does not hide another behind the match', () => {
    expect(holds('friend my hit friend', voided, 'third_person')).toBe(false);
  });
});

describe('which scopes a rule minds', () => {
  const lexicon = lexiconOf(`
negated: [{ phrases: [not], reach: clause, within: 3, side: before }]
hypothetical: [{ phrases: [if], reach: sentence, within: 9, side: before }, { phrases: [maybe], reach: clause, within: 9, side: before }]
`);
  const sue = rulesOf(`
sue: { when: { phrases: [sue], unless: [negated] }, then: { points: 1 } }
lose: { when: { phrases: [lose] }, then: { points: 1 } }
typo: { when: { phrases: [typo], unless: [] }, then: { points: 1 } }
`);

  it.each([
    ['if nothing happens I sue', ['sue']],
    ['I do not sue', []],
    ['if I lose, I sue', ['sue']],
    ['maybe I lose', []],
    ['maybe, I lose', ['lose']],
    ['not a typo', ['typo']],
  ])('"%s" fires %j', (text, names) => {
    expect(fired(text, sue, { lexicon })).toEqual(names);
  });
});
