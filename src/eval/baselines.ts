import { center, meanVector } from '../learning/features.ts';
import { type Share, share } from '../learning/metrics.ts';
import { NeighbourIndex } from '../learning/neighbours.ts';
import { quantize } from '../learning/quantized.ts';
import type { LabelExample } from '../learning/train-labels.ts';
import { trainBayes } from '../text/bayes.ts';
import type { LabelSet } from './label-set.ts';

/** What a simple method reaches on the same rows. */
export interface BaselineScores {
  readonly name: string;
  readonly accuracy: number;
  readonly accuracy_interval: Share;
}

/** The label of the nearest example by centred vector, and naive Bayes on words (`natural`). */
export function scoreBaselines(
  set: LabelSet,
  train: readonly LabelExample[],
  test: readonly LabelExample[],
): BaselineScores[] {
  const nearest = nearestLabel(train);
  const bayes = trainBayes(set.train);
  return [
    score('nearest neighbour', test, (example) => nearest(example.vector)),
    score('naive Bayes (natural)', test, (_, at) => bayes(set.test[at]?.text ?? '')),
  ];
}

function score(
  name: string,
  test: readonly LabelExample[],
  answer: (example: LabelExample, at: number) => string,
): BaselineScores {
  const right = test.filter((example, at) => answer(example, at) === example.label).length;
  const interval = share(right, test.length);
  return { name, accuracy: interval.value, accuracy_interval: interval };
}

function nearestLabel(train: readonly LabelExample[]): (vector: Float32Array) => string {
  const dimensions = train[0]?.vector.length ?? 0;
  const mean = meanVector(
    train.map(({ vector }) => vector),
    dimensions,
  );
  const joined = new Float32Array(train.length * dimensions);
  train.forEach(({ vector }, row) => {
    joined.set(center(vector, mean), row * dimensions);
  });
  const index = new NeighbourIndex(quantize(joined, dimensions));
  return (vector) => train[index.find(center(vector, mean), 1)[0]?.row ?? 0]?.label ?? '';
}
