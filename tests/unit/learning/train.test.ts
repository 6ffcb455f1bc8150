import { deserialize, serialize } from 'node:v8';
import { beforeAll, describe, expect, test } from 'vitest';
import { createFakeEncoder } from '../../../src/embedding/fake.ts';
import { HEAD_FORMAT, Head, type HeadModel } from '../../../src/learning/head.ts';
import { type TrainingExample, trainHead } from '../../../src/learning/train.ts';
import { readDocument } from '../../../src/triage/document.ts';
import { exampleRows, type TestLearning, testLearning, trainSettings } from '../../_util/context.ts';

let learning: TestLearning;
let examples: TrainingExample[];
let head: Head;
beforeAll(async () => {
  learning = await testLearning();
  examples = await exampleRows(learning.policy, learning.segmenter, 12);
  head = new Head(trainHead(examples, trainSettings(learning.policy)));
});

async function predict(model: HeadModel, text: string) {
  await using encoder = createFakeEncoder();
  const document = readDocument(learning.segmenter, { text });
  return new Head(model).predict(document, (await encoder.embed(document.masked.text)).vector);
}

describe('training', () => {
  test('gives the same head for the same examples and seed, whatever came before', () => {
    const settings = trainSettings(learning.policy);
    expect(trainHead(deserialize(serialize(examples)), settings)).toEqual(head.model);
  });

  test('gives another calibration for another seed, and nearly the same scores', () => {
    const other = trainHead(examples, { ...trainSettings(learning.policy), topics: [], flags: [], seed: 8 });
    expect(other.type.calibration).not.toEqual(head.model.type.calibration);
    expect(other.mean).toEqual(head.model.mean);
    other.type.scorers.forEach(({ bias }, at) => {
      expect(bias).toBeCloseTo(head.model.type.scorers[at]?.bias ?? Number.NaN, 0);
    });
  });

  test('tells how far it is, label by label to the last', () => {
    const { policy } = learning;
    const steps: [number, number][] = [];
    trainHead(examples.slice(0, 40), trainSettings(policy), (done, total) => steps.push([done, total]));
    const { types, topics, risk_flags } = policy.taxonomy;
    const total = types.length + topics.length + risk_flags.length;
    expect(steps).toEqual(Array.from({ length: total }, (_, at) => [at + 1, total]));
  });

  test('holds for labels without any example', () => {
    const bare = examples.map((example) => ({ ...example, flags: [] }));
    const model = trainHead(bare, trainSettings(learning.policy));
    const { flags } = new Head(model).predict(bare[0] ?? fail(), bare[0]?.vector ?? new Float32Array());
    for (const probability of Object.values(flags)) expect(probability).toBeLessThan(0.05);
  });

  test('what is answered above the threshold is rarely wrong on texts that the head has not seen', async () => {
    const all = await exampleRows(learning.policy, learning.segmenter, 120);
    const seen = all.filter((_, at) => at % 4 !== 0);
    const unseen = all.filter((_, at) => at % 4 === 0);
    const target = 0.2;
    const settings = { ...trainSettings(learning.policy), topics: [], flags: [], targetError: target };
    const trained = new Head(trainHead(seen, settings));
    const answers = unseen.map((example) => {
      const { types, typeThreshold } = trained.predict(example, example.vector);
      const [best] = types;
      return { isAnswered: (best?.probability ?? 0) >= typeThreshold, isRight: best?.key === example.type };
    });
    const answered = answers.filter(({ isAnswered }) => isAnswered);
    const wrong = answered.filter(({ isRight }) => !isRight).length;
    expect(answered.length).toBeGreaterThan(15);
    // Three standard deviations of a share of 0.2 above it.
    expect(wrong / answered.length).toBeLessThan(target + 3 * Math.sqrt((target * (1 - target)) / answered.length));
    const overall = answers.filter(({ isRight }) => !isRight).length / answers.length;
    expect(wrong / answered.length).toBeLessThan(overall);
  });
});

describe('a head', () => {
  test('knows the examples it was trained from: type, likeness and familiarity', () => {
    let right = 0;
    for (const example of examples) {
      const { types, nearest, isFamiliar } = head.predict(example, example.vector);
      if (types[0]?.key === example.type) right += 1;
      expect(nearest[0]?.similarity).toBeCloseTo(1, 3);
      expect(examples.find(({ id }) => id === nearest[0]?.id)?.type).toBe(example.type);
      expect(isFamiliar).toBe(true);
    }
    expect(right / examples.length).toBeGreaterThan(0.95);
  });

  test('gives every label once, most probable first, types as a distribution', async () => {
    const { taxonomy } = learning.policy;
    const keys = (labels: readonly { readonly key: string }[]) => labels.map(({ key }) => key).sort();
    for (const text of ['提现三天没到账', 'How do I enable 2FA?', '🙏', 'ξενοδοχείο']) {
      const { types, topics, flags } = await predict(head.model, text);
      expect(types.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 6);
      expect([keys(types), keys(topics)]).toEqual([keys(taxonomy.types), keys(taxonomy.topics)]);
      expect(Object.keys(flags).sort()).toEqual(keys(taxonomy.risk_flags));
      for (const labels of [types, topics]) {
        const values = labels.map(({ probability }) => probability);
        expect(values).toEqual([...values].sort((left, right) => right - left));
        expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
      }
    }
  });

  test('finds a text unfamiliar that is like no example', async () => {
    expect((await predict(head.model, 'Ξενοδοχείο στην Αθήνα κοντά στη θάλασσα')).isFamiliar).toBe(false);
  });

  test('survives being stored and sent: the same answers to the last digit', async () => {
    expect(head.model.format).toBe(HEAD_FORMAT);
    for (const copy of [deserialize(serialize(head.model)), structuredClone(head.model)] as HeadModel[]) {
      for (const text of ['提现三天没到账', 'The app crashes whenever I open a chart']) {
        expect(await predict(copy, text)).toEqual(await predict(head.model, text));
      }
    }
  });
});

function fail(): never {
  throw new Error('there are examples');
}
