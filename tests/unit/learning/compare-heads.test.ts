import { describe, expect, test } from 'vitest';
import { type ComparedHead, compareHeads } from '../../../src/learning/compare-heads.ts';
import type { LabelledItem } from '../../../src/learning/labelled-items.ts';

const TYPES = ['technical_issue', 'question', 'praise'];
const ITEMS = Array.from({ length: 40 }, (_, at): LabelledItem => {
  const type = at < 25 ? 'technical_issue' : 'question';
  return {
    ...{ id: `item-${at}`, type, topics: ['deposit'], flags: at % 2 === 0 ? ['funds_at_risk'] : [] },
    ...{ vector: Float32Array.of(1), words: [], cues: [], normal: { text: '' } },
    ...{ language: at % 4 === 0 ? 'en' : 'zh', isHeldOut: true },
  };
});

interface Mistakes {
  type?(item: LabelledItem): boolean;
  topics?(item: LabelledItem): boolean;
  flags?(item: LabelledItem): boolean;
}

/** A version that is right but where it is told to be wrong. */
function versionThat({ type, topics, flags }: Mistakes, heldOutAccuracy = 0.9): ComparedHead {
  return {
    model: { heldOutAccuracy, topics: { labels: ['deposit', 'education'] }, flags: { labels: ['funds_at_risk'] } },
    predict: (item) => ({
      types: [{ key: type?.(item) ? 'praise' : item.type, probability: 1 }],
      typeThreshold: 0.5,
      topics: [{ key: topics?.(item) ? 'education' : 'deposit', probability: 1 }],
      topicThresholds: { first: 0.3, further: 0.5 },
      flags: { funds_at_risk: item.flags.length > 0 !== (flags?.(item) ?? false) ? 0.9 : 0.1 },
      words: { type: [], topics: {}, flags: {} },
      nearest: [],
      isFamiliar: true,
    }),
  };
}

const good = versionThat({});
const numberOf = ({ id }: LabelledItem) => Number(id.slice('item-'.length));

describe('a new version', () => {
  test('that does as well as the one in force is put in force', () => {
    const comparison = compareHeads(good, good, ITEMS);
    expect(comparison).toMatchObject({ promoted: true, why: [], held_out: 40 });
    expect(comparison.after).toMatchObject({
      topics_micro_f1: 1,
      flags_micro_f1: 1,
      type_accuracy: { value: 1, n: 40 },
    });
    expect(Object.keys(comparison.after.by_type)).toEqual(TYPES.slice(0, 2).toSorted());
  });

  test.each<[string, Mistakes, RegExp]>([
    ['types', { type: (item) => numberOf(item) % 10 === 0 }, /^held-out items: 1\.000 → 0\.900$/u],
    ['types of one language', { type: (item) => numberOf(item) % 16 === 1 }, /^zh: 1\.000 → 0\.900$/u],
    ['topics', { topics: (item) => numberOf(item) % 8 === 0 }, /^topics, micro-F1: 1\.000 → 0\.875$/u],
    ['risk flags', { flags: (item) => numberOf(item) % 8 === 0 }, /^risk flags, micro-F1: 1\.000 → 0\.857$/u],
  ])('that is worse in %s stays beside it, and the report says in what', (_, mistakes, why) => {
    const { promoted, why: reasons } = compareHeads(good, versionThat(mistakes), ITEMS);
    expect(promoted).toBe(false);
    expect(reasons).toContainEqual(expect.stringMatching(why));
  });

  test('that is worse on the shipped examples stays beside it', () => {
    expect(compareHeads(good, versionThat({}, 0.87), ITEMS).why).toEqual(['training examples: 0.900 → 0.870']);
  });

  test('may make one mistake more where few items are held out, and topics of few items say nothing', () => {
    const few = ITEMS.slice(0, 10);
    const once = (item: LabelledItem) => numberOf(item) === 3;
    expect(compareHeads(good, versionThat({ type: once, topics: once, flags: once }), few).promoted).toBe(true);
  });

  test('that makes up for the mistakes of the one in force is put in force', () => {
    expect(compareHeads(versionThat({ type: () => true, topics: () => true }), good, ITEMS).promoted).toBe(true);
  });
});
