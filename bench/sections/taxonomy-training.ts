import { performance } from 'node:perf_hooks';
import { LabelClassifier } from '../../src/learning/label-classifier.ts';
import { trainLabelsInWorker } from '../../src/learning/train-in-worker.ts';
import type { Section } from '../bench.ts';
import { makeExamples } from '../synthetic-labels.ts';

const LABELS = 1_000;
const PER_LABEL = 20;
/** Examples of each label that are asked about and not learned from. */
const ASKED_PER_LABEL = 1;
const WARM_UP = 50;
const SEED = 3;
const MS_PER_S = 1_000;

/** The largest taxonomy: how long its classifier takes to train, and to answer. */
export const taxonomyTraining: Section = {
  id: 'T1',
  how: `The classifier of ${LABELS} labels with ${PER_LABEL} examples each is trained once, as the job of a taxonomy trains it: in a thread of its own, from vectors and words that are made up and lie in groups of labels, because embedding is measured by S1. Then every label is asked about once, without the encoder.`,
  async run(bench) {
    const all = makeExamples(LABELS, PER_LABEL + ASKED_PER_LABEL, SEED);
    const isAsked = ({ id }: { id: string }) => Number(id.split(':')[1]) >= PER_LABEL;
    const settings = { encoderHash: 'synthetic', seed: SEED, targetError: 0.03 };
    const started = performance.now();
    const model = await trainLabelsInWorker(
      all.filter((example) => !isAsked(example)),
      [],
      settings,
      { signal: bench.signal, onProgress: (done, total) => bench.progress('T1', done, total) },
    );
    const trainedMs = performance.now() - started;
    const classifier = new LabelClassifier(model);
    const asked = all.filter(isAsked);
    for (const example of asked.slice(0, WARM_UP)) classifier.predict(example, example.vector);
    const askedAt = performance.now();
    const right = asked.filter((one) => classifier.predict(one, one.vector).ranked[0]?.key === one.label).length;
    const answerMs = (performance.now() - askedAt) / asked.length;
    const accuracy = `${((100 * right) / asked.length).toFixed(1)} % right, ${answerMs.toFixed(2)} ms per answer`;
    return [
      {
        id: 'T1',
        title: `training of a taxonomy of ${LABELS} labels with ${PER_LABEL} examples each`,
        unit: 's',
        target: { relation: '<=', value: 300 },
        values: [trainedMs / MS_PER_S],
        detail: accuracy,
      },
    ];
  },
};
