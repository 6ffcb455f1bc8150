import { sigmoid, softmax } from './calibration.js';
import { dotAt } from './dot.js';
import { weighWords } from './explain.js';
import { center, Vectorizer } from './features.js';
/** Raised when a stored head can no longer be read by this code. */
export const HEAD_FORMAT = 1;
/** Flags below this probability raise nothing, so their words are not looked for. */
const SHOWN_FROM = 0.25;
const MAX_WORDS = 3;
/** Answers for one text at a time from a trained model. */
export class Head {
    model;
    #vectorizer;
    constructor(model) {
        this.model = model;
        this.#vectorizer = new Vectorizer(model.vocabulary);
    }
    predict(source, vector) {
        const { model } = this;
        const dense = center(vector, model.mean);
        const sparse = this.#vectorizer.transform(source);
        const score = (scorer) => {
            let sum = scorer.bias + model.weights.dense * dotAt(dense, 0, scorer.dense);
            sparse.indices.forEach((index, at) => {
                sum += model.weights.sparse * (sparse.values[at] ?? 0) * (scorer.sparse[index] ?? 0);
            });
            return sum;
        };
        const types = softmax(model.type.scorers.map(score), model.type.calibration);
        const nearest = this.#nearest(dense);
        const flags = model.flags.labels.map((key, at) => ({ key, probability: independent(model.flags, at, score) }));
        return {
            types: rank(model.type.labels, (at) => types[at] ?? 0),
            typeThreshold: model.type.threshold,
            topics: rank(model.topics.labels, (at) => independent(model.topics, at, score)),
            topicThreshold: model.topics.threshold,
            flags: Object.fromEntries(flags.map(({ key, probability }) => [key, probability])),
            flagWords: this.#flagWords(source, sparse, flags),
            nearest,
            isFamiliar: nearest.similarity >= model.familiarity,
        };
    }
    /** The words behind each flag that is likely enough to be raised. */
    #flagWords(source, sparse, flags) {
        const { labels, scorers } = this.model.flags;
        const likely = flags.filter(({ probability }) => probability >= SHOWN_FROM);
        return Object.fromEntries(likely.map(({ key }) => {
            const scorer = scorers[labels.indexOf(key)];
            return [key, scorer ? weighWords(source, this.#vectorizer, sparse, scorer, MAX_WORDS) : []];
        }));
    }
    #nearest(dense) {
        const { exampleVectors, exampleIds } = this.model;
        let best = 0;
        let similarity = Number.NEGATIVE_INFINITY;
        for (let row = 0; row < exampleIds.length; row++) {
            const value = dotAt(exampleVectors, row * dense.length, dense);
            if (value > similarity)
                [best, similarity] = [row, value];
        }
        return { id: exampleIds[best] ?? '', similarity };
    }
}
function independent(model, at, score) {
    const scorer = model.scorers[at];
    const calibration = model.calibrations[at];
    return scorer === undefined || calibration === undefined ? 0 : sigmoid(score(scorer), calibration);
}
function rank(labels, probability) {
    return labels
        .map((key, at) => ({ key, probability: probability(at) }))
        .sort((left, right) => right.probability - left.probability);
}
//# sourceMappingURL=head.js.map