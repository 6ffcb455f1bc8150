import { describe, expect, test } from 'vitest';
import { diffTexts, distanceOf } from '../../../src/replies/difference.ts';
import { repeatable } from '../../../src/replies/earlier-replies.ts';
import { findInEdit } from '../../../src/replies/guard-edit.ts';
import { expectAcceptance, type Outcome, type Tally, tallyOf } from '../../../src/replies/rank.ts';
import { suggestFor } from './items.ts';

const LEVELS = ['brief', 'brief/short', 'outage/brief', 'outage/brief/short/zh/chat'];

/** What tallies are after some outcomes of one kind of suggestion. */
function tallied(outcomes: readonly Outcome[], features: readonly string[]): Map<string, Tally> {
  const learned = new Map<string, Tally>();
  for (const { taken, refused } of outcomes.map(tallyOf))
    for (const feature of features) {
      const known = learned.get(feature) ?? { taken: 0, refused: 0 };
      learned.set(feature, { taken: known.taken + taken, refused: known.refused + refused });
    }
  return learned;
}

describe('expected acceptance', () => {
  const times = (count: number, outcome: Outcome) => Array.from({ length: count }, () => outcome);
  const chance = (outcomes: readonly Outcome[]) => expectAcceptance(tallied(outcomes, LEVELS), 'brief', LEVELS);
  const nothing = expectAcceptance(new Map(), 'brief', LEVELS);

  test('rises with what is accepted and falls with what is refused, and never reaches certainty', () => {
    expect(chance(times(1, { kind: 'accepted' }))).toBeGreaterThan(nothing);
    expect(chance(times(1, { kind: 'rejected' }))).toBeLessThan(nothing);
    expect(chance(times(1_000, { kind: 'accepted' }))).toBeLessThan(1);
    expect(chance(times(1_000, { kind: 'rejected' }))).toBeGreaterThan(0);
  });

  test('an edit counts the less the more was changed', () => {
    const edited = (distance: number) => chance(times(5, { kind: 'edited', distance }));
    expect(edited(0.05)).toBeGreaterThan(edited(0.3));
    expect(edited(0.3)).toBeGreaterThan(edited(0.9));
    expect(edited(0.9)).toBe(chance(times(5, { kind: 'rejected' })));
  });

  test('a bad score and a reopening lower it, a good score raises it', () => {
    expect(chance([{ kind: 'rated', score: 5 }])).toBeGreaterThan(nothing);
    expect(chance([{ kind: 'rated', score: 1 }])).toBeLessThan(nothing);
    expect(chance([{ kind: 'reopened' }])).toBeLessThan(nothing);
  });

  test('one kind of reply moves its neighbours little', () => {
    const learned = tallied(times(10, { kind: 'rejected' }), LEVELS);
    const other = expectAcceptance(learned, 'full', ['full', 'full/long', 'outage/full', 'outage/full/long/zh/chat']);
    expect(other).toBe(expectAcceptance(new Map(), 'full', ['full']));
  });
});

describe('the difference of an edit', () => {
  test.each([
    [
      '您好，请提供编号。',
      '您好，请提供订单编号。',
      [
        ['same', '您好，请提供'],
        ['added', '订单'],
        ['same', '编号。'],
      ],
    ],
    ['We are on it.', 'We have looked at it.', undefined],
  ])('%s → %s', (before, text, expected) => {
    const difference = diffTexts(before, text);
    if (expected) expect(difference.map((piece) => [piece.kind, piece.text])).toEqual(expected);
    const side = (left: string) =>
      difference
        .filter(({ kind }) => kind !== left)
        .map((piece) => piece.text)
        .join('');
    expect([side('added'), side('removed')]).toEqual([before, text]);
    expect(distanceOf(difference)).toBeGreaterThan(0);
    expect(distanceOf(difference)).toBeLessThan(1);
  });

  test('is nothing for the same text, and bounded for large ones', () => {
    expect(distanceOf(diffTexts('same', 'same'))).toBe(0);
    expect(distanceOf(diffTexts('一行\n'.repeat(5_000), '二行\n'.repeat(5_000)))).toBe(1);
  });
});

describe('what was sent before', () => {
  test.each([
    ['Please keep the receipt of the bank until it is settled.', true],
    ['Your order 12345678 was found.', false],
    ['We guarantee a full refund tomorrow.', false],
    ['Write to [EMAIL] about the rest of it.', false],
    ['See https://evil.example for the details of it.', false],
    ['Another customer named Li said the same thing.', false],
  ])('“%s” may be said again: %s', (text, expected) => {
    expect(repeatable(`Hello.\n${text}`, 'Hello.', 'en').length > 0).toBe(expected);
  });

  test('a text that a person wrote is warned of by sentence; what was suggested is not', async () => {
    const { suggestions } = await suggestFor({
      text: 'My withdrawal is missing',
      topics: ['withdrawal'],
      flags: ['funds_at_risk'],
    });
    const [best] = suggestions;
    if (best === undefined) throw new Error('there is no suggestion');
    expect(findInEdit(best, best.text, [], [])).toEqual([]);
    const found = findInEdit(best, `${best.text}\nWe will refund you today!`, [], []);
    expect(found.map(({ guard }) => guard)).toEqual(expect.arrayContaining(['promise', 'tone']));
    expect(findInEdit(best, best.text, ['self_harm'], []).map(({ guard }) => guard)).toContain('crisis');
  });
});
