import { beforeAll, describe, expect, test } from 'vitest';
import { createFakeEncoder } from '../../../src/embedding/fake.ts';
import { LabelClassifier, type LabelModel } from '../../../src/learning/label-classifier.ts';
import { trainLabelsInWorker } from '../../../src/learning/train-in-worker.ts';
import { type LabelExample, trainLabels } from '../../../src/learning/train-labels.ts';
import { Segmenter } from '../../../src/text/segment.ts';
import { readDocument } from '../../../src/triage/document.ts';

const TOPICS: Record<string, readonly string[]> = {
  card: [
    'my card has not arrived',
    'card delivery is late',
    'where is my new card',
    'track the card',
    '我的卡还没寄到',
  ],
  refund: ['i want my refund', 'refund is missing', 'give the refund now', 'request a refund', '什么时候退款到账'],
  pin: ['change my pin', 'forgot the pin code', 'pin is blocked', 'reset pin please', '忘记密码怎么重置'],
};
const OPENINGS = ['', 'hello, ', 'please help: ', 'today ', '你好，'];
const settings = { encoderHash: 'fake', seed: 5, targetError: 0.03 };
const segmenter = new Segmenter([]);
let examples: LabelExample[];
let model: LabelModel;

async function read(text: string, label = ''): Promise<LabelExample> {
  await using encoder = createFakeEncoder();
  const { words, normal } = readDocument(segmenter, { text });
  const { vector } = await encoder.embed(text);
  return { id: text, label, vector, words, cues: [], normal: { text: normal.text } };
}

beforeAll(async () => {
  examples = await Promise.all(
    Object.entries(TOPICS).flatMap(([label, texts]) =>
      texts.flatMap((text) => OPENINGS.map((opening) => read(opening + text, label))),
    ),
  );
  model = trainLabels(examples, [], settings);
});

describe('a classifier of labels', () => {
  test('answers texts it has not seen, in both languages, with probabilities that are ordered and bounded', async () => {
    const classifier = new LabelClassifier(model);
    for (const [text, label] of [
      ['when does the card arrive', 'card'],
      ['the refund did not come', 'refund'],
      ['我忘记密码了', 'pin'],
    ] as const) {
      const example = await read(text);
      const { ranked, nearest } = classifier.predict(example, example.vector);
      expect(ranked[0]?.key).toBe(label);
      expect(ranked.map(({ key }) => key).sort()).toEqual(['card', 'pin', 'refund']);
      for (const { probability } of ranked) expect(probability).toSatisfy((value: number) => value >= 0 && value <= 1);
      expect(examples.find(({ id }) => id === nearest[0]?.id)?.label).toBe(label);
    }
  });

  test('finds the unknown stranger than the known', async () => {
    const classifier = new LabelClassifier(model);
    const judge = async (text: string) => {
      const example = await read(text);
      return classifier.predict(example, example.vector).novelty;
    };
    const strange = await Promise.all(['zxqv wvut jjkk', 'quantum flux biology', '今天天气真好啊'].map(judge));
    const known = await Promise.all(['track my card', 'the refund is missing', 'reset the pin'].map(judge));
    expect(Math.min(...strange)).toBeGreaterThan(Math.max(...known));
  });

  test('is the same for a seed, also when it is trained in a thread', async () => {
    expect(trainLabels(examples, [], settings)).toEqual(model);
    const seen: number[] = [];
    const threaded = await trainLabelsInWorker(examples, [], settings, { onProgress: (done) => seen.push(done) });
    expect(threaded).toEqual(model);
    expect(seen).toEqual([...seen].sort((left, right) => left - right));
    expect(seen.length).toBeGreaterThan(10);
  });

  test('a training that is stopped rejects with the reason', async () => {
    const stop = new AbortController();
    const training = trainLabelsInWorker(examples, [], settings, { signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(training).rejects.toThrow('enough');
  });

  test('the name of a label is evidence while its examples are few', async () => {
    const few = [await read('it went wrong', 'card'), await read('something else', 'refund')];
    const names = [await read('card delivery', 'card'), await read('refund', 'refund')];
    const question = await read('delivery of the card');
    const answer = (model: LabelModel) => new LabelClassifier(model).predict(question, question.vector);
    const chance = (model: LabelModel) => answer(model).ranked.find(({ key }) => key === 'card')?.probability ?? 0;
    const named = trainLabels(few, names, settings);
    expect(chance(named)).toBeGreaterThan(chance(trainLabels(few, [], settings)));
    expect(answer(named).ranked[0]?.key).toBe('card');
  });

  test('labels with one example are learned too', async () => {
    const lone = trainLabels([...examples, await read('close my account forever', 'leaving')], [], settings);
    const example = await read('close my account forever');
    expect(new LabelClassifier(lone).predict(example, example.vector).ranked[0]?.key).toBe('leaving');
  });
});
