import { fitSigmoid, fitSoftmax, selectThreshold, sigmoid, softmax } from './calibration.js';
import { dotAt } from './dot.js';
import { CUE_WEIGHT, center, fitVocabulary, meanVector, Vectorizer } from './features.js';
import { HEAD_FORMAT } from './head.js';
import { trainLinearSvm } from './linear-svm.js';
import { buildMatrix, scoreRow } from './matrix.js';
import { createRandom, shuffle } from './random.js';
const WEIGHTS = { dense: 1, sparse: 1 };
const COST = 1;
/** Ten times coarser than the usual one: held-out accuracy is the same (0.82 to 0.83), the training a third shorter. */
const TOLERANCE = 0.5;
const FOLDS = 3;
const MIN_DOCUMENTS = 2;
const FAMILIAR_SHARE = 0.99;
const FAMILIARITY_SAMPLE = 1_000;
/** Enough to cover what customers write about; more cost a millisecond per message and tell nothing new. */
const LANDMARKS = 700;
/** Whatever changes a trained head beside its examples; part of the head's version. Raise `revision` with the code. */
export const RECIPE = {
    revision: 2,
    weights: WEIGHTS,
    cost: COST,
    tolerance: TOLERANCE,
    folds: FOLDS,
    minDocuments: MIN_DOCUMENTS,
    cueWeight: CUE_WEIGHT,
};
/** Trains type, topics and flags from the same examples. Deterministic for a seed and an order of examples. */
export function trainHead(examples, options, onProgress) {
    const dimensions = examples[0]?.vector.length ?? 0;
    const vectors = examples.map((example) => example.vector);
    const mean = meanVector(vectors, dimensions);
    const vocabulary = fitVocabulary(examples, MIN_DOCUMENTS);
    const vectorizer = new Vectorizer(vocabulary);
    const dense = examples.map((example) => center(example.vector, mean));
    const rows = examples.map((example, index) => ({
        dense: dense[index] ?? mean,
        sparse: vectorizer.transform(example),
    }));
    const matrix = buildMatrix(rows, dimensions, vocabulary.terms.length, WEIGHTS);
    const folds = assignFolds(examples.map((example) => example.type), options.seed);
    const landmarks = chooseLandmarks(examples.length, options.seed);
    const total = options.types.length + options.topics.length + options.flags.length;
    let done = 0;
    const fitAll = (labels, isLabel) => labels.map((label) => {
        const positive = Uint8Array.from(examples, (example) => (isLabel(example, label) ? 1 : 0));
        const fitted = fitLabel(matrix, positive, folds, options.seed);
        onProgress?.(++done, total);
        return fitted;
    });
    return {
        format: HEAD_FORMAT,
        encoderHash: options.encoderHash,
        mean,
        vocabulary,
        weights: WEIGHTS,
        type: exclusive(options.types, fitAll(options.types, (example, label) => example.type === label), examples, options.targetError),
        topics: independent(options.topics, fitAll(options.topics, (example, label) => example.topics.includes(label))),
        flags: independent(options.flags, fitAll(options.flags, (example, label) => example.flags.includes(label))),
        exampleVectors: concatenate(landmarks.map((row) => dense[row] ?? mean), dimensions),
        exampleIds: landmarks.map((row) => examples[row]?.id ?? ''),
        familiarity: familiarityOf(dense, folds, landmarks),
    };
}
function fitLabel(matrix, positive, folds, seed) {
    const train = (rows) => trainLinearSvm(matrix, rows, Uint8Array.from(rows, (row) => positive[row] ?? 0), { cost: COST, seed, tolerance: TOLERANCE });
    const heldOut = new Float64Array(matrix.rows);
    const all = Int32Array.from({ length: matrix.rows }, (_, row) => row);
    for (let fold = 0; fold < FOLDS; fold++) {
        const scorer = train(all.filter((row) => folds[row] !== fold));
        for (const row of all)
            if (folds[row] === fold)
                heldOut[row] = scoreRow(matrix, row, scorer);
    }
    return { scorer: train(all), heldOut, positive };
}
/** A fold for each row, the same share of every label in each. */
function assignFolds(labels, seed) {
    const random = createRandom(seed);
    const folds = new Uint8Array(labels.length);
    for (const label of new Set(labels)) {
        const rows = [...labels.keys()].filter((row) => labels[row] === label);
        shuffle(rows, random);
        rows.forEach((row, rank) => {
            folds[row] = rank % FOLDS;
        });
    }
    return folds;
}
function exclusive(labels, fitted, examples, targetError) {
    const scores = examples.map((_, row) => Float64Array.from(fitted, (label) => label.heldOut[row] ?? 0));
    const truth = examples.map((example) => labels.indexOf(example.type));
    const calibration = fitSoftmax(scores, truth, labels.length);
    const probabilities = scores.map((row) => softmax(row, calibration));
    const confidences = probabilities.map((row) => Math.max(...row));
    const correct = probabilities.map((row, index) => row.indexOf(Math.max(...row)) === truth[index]);
    return {
        labels,
        scorers: fitted.map((label) => label.scorer),
        calibration,
        threshold: selectThreshold(confidences, correct, targetError),
    };
}
function independent(labels, fitted) {
    const calibrations = fitted.map((label) => fitSigmoid(label.heldOut, label.positive));
    return {
        labels,
        scorers: fitted.map((label) => label.scorer),
        calibrations,
        threshold: bestThreshold(fitted, calibrations),
    };
}
/** The probability from which on giving a label has the best micro-F1 on held-out rows, in steps of 0.02. */
function bestThreshold(fitted, calibrations) {
    let best = { threshold: 0.5, f1: -1 };
    for (let threshold = 0.2; threshold <= 0.8; threshold += 0.02) {
        let hits = 0;
        let given = 0;
        let wanted = 0;
        fitted.forEach(({ heldOut, positive }, at) => {
            const calibration = calibrations[at] ?? { scale: 1, bias: 0 };
            heldOut.forEach((score, row) => {
                const yes = sigmoid(score, calibration) >= threshold;
                given += yes ? 1 : 0;
                wanted += positive[row] ? 1 : 0;
                hits += yes && positive[row] ? 1 : 0;
            });
        });
        const f1 = (2 * hits) / Math.max(1, given + wanted);
        if (f1 > best.f1)
            best = { threshold, f1 };
    }
    return best.threshold;
}
/** Rows that stand for all examples where only closeness to any of them is asked. */
function chooseLandmarks(rows, seed) {
    const order = Array.from({ length: rows }, (_, row) => row);
    shuffle(order, createRandom(seed));
    return order.slice(0, LANDMARKS);
}
/** The similarity to their nearest landmark of another fold that most rows reach; a sample of them tells it. */
function familiarityOf(dense, folds, landmarks) {
    const nearest = dense.slice(0, FAMILIARITY_SAMPLE).map((vector, row) => {
        const others = landmarks.filter((other) => folds[other] !== folds[row]);
        return others.reduce((best, other) => Math.max(best, dotAt(dense[other] ?? vector, 0, vector)), -1);
    });
    const sorted = nearest.sort((left, right) => right - left);
    return sorted[Math.floor(sorted.length * FAMILIAR_SHARE)] ?? -1;
}
function concatenate(vectors, dimensions) {
    const joined = new Float32Array(vectors.length * dimensions);
    vectors.forEach((vector, row) => {
        joined.set(vector, row * dimensions);
    });
    return joined;
}
//# sourceMappingURL=train.js.map