import { expect, test } from 'vitest';
import { MATTER_COORDINATES, MatterSpace } from '../../../src/clusters/matter-space.ts';
import { DATA_FOLDER } from '../../../src/context.ts';
import { dotAt } from '../../../src/learning/dot.ts';
import { loadPolicy } from '../../../src/policy.ts';
import { Concepts } from '../../../src/text/concepts.ts';
import { Segmenter } from '../../../src/text/segment.ts';
import { readDocument } from '../../../src/triage/document.ts';

const policy = await loadPolicy(DATA_FOLDER);
const segmenter = new Segmenter(policy.words);
const space = new MatterSpace(policy.concepts);
const NOWHERE = new Float32Array(3).fill(0);

/** What is said of a text beside its meaning. */
const aboutOf = (text: string, topics: readonly string[] = [], where = space) =>
  where.place(NOWHERE, readDocument(segmenter, { text }).index, topics);

const product = (left: Float32Array, right: Float32Array) => dotAt(left, 0, right);

test('the vector of the encoder comes first as it is, what the text names behind it; the same at every run', () => {
  const vector = Float32Array.of(0.6, 0, 0.8);
  const { index } = readDocument(segmenter, { text: 'my withdrawal never arrived' });
  const placed = space.place(vector, index, ['withdrawal']);
  expect(placed).toHaveLength(3 + MATTER_COORDINATES);
  expect(placed.subarray(0, 3)).toEqual(vector);
  expect(new MatterSpace(new Concepts(policy.concepts.phrases)).place(vector, index, ['withdrawal'])).toEqual(placed);
  const room = new Float32Array(placed.length).fill(9);
  space.fill(room, index, ['withdrawal']);
  expect(room.subarray(3)).toEqual(placed.subarray(3));
});

test.each([
  ['提现一直没到账', 'my withdrawal has still not arrived', 'the dark theme hurts my eyes'],
  ['验证码收不到', 'the sms code never reaches my phone', '想要夜间模式'],
])('%s is nearer to “%s” than to “%s”', (one, same, other) => {
  expect(product(aboutOf(one), aboutOf(same))).toBeGreaterThan(product(aboutOf(one), aboutOf(other)) + 0.01);
});

test('the topics that two messages were given bring them together, the main ones most', () => {
  const [one, same, second, other] = [['deposit'], ['deposit'], ['withdrawal', 'deposit'], ['education']].map(
    (topics) => aboutOf('!', topics),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  expect(product(one, same)).toBeGreaterThan(product(one, second));
  expect(product(one, second)).toBeGreaterThan(product(one, other));
});

test('a text that names nothing and has no topic has nothing behind its vector', () => {
  expect(aboutOf('…').every((value) => value === 0)).toBe(true);
});
