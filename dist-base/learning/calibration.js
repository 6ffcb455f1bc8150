import { minimize } from './lbfgs.js';
const BIAS_PENALTY = 0.01;
/**
 * Temperature with a bias per class (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017), by maximum
 * likelihood. `scores` is rows × classes, `labels` the class of each row.
 */
export function fitSoftmax(scores, labels, classes) {
    const fitted = minimize((point, gradient) => {
        gradient.fill(0);
        let loss = 0;
        scores.forEach((row, index) => {
            const probabilities = softmax(row, { scale: point[0] ?? 1, bias: point.subarray(1) });
            const label = labels[index] ?? 0;
            loss -= Math.log(Math.max(probabilities[label] ?? 0, 1e-12)) / scores.length;
            for (let at = 0; at < classes; at++) {
                const error = ((probabilities[at] ?? 0) - (at === label ? 1 : 0)) / scores.length;
                gradient[0] = (gradient[0] ?? 0) + error * (row[at] ?? 0);
                gradient[at + 1] = (gradient[at + 1] ?? 0) + error;
            }
        });
        for (let at = 1; at <= classes; at++) {
            loss += (BIAS_PENALTY / 2) * (point[at] ?? 0) ** 2;
            gradient[at] = (gradient[at] ?? 0) + BIAS_PENALTY * (point[at] ?? 0);
        }
        return loss;
    }, Float64Array.from([2, ...new Array(classes).fill(0)]));
    return { scale: fitted[0] ?? 1, bias: fitted.slice(1) };
}
export function softmax(scores, calibration) {
    const logits = Float64Array.from(scores, (score, at) => calibration.scale * score + (calibration.bias[at] ?? 0));
    const top = Math.max(...logits);
    const exponentials = logits.map((logit) => Math.exp(logit - top));
    const total = exponentials.reduce((sum, value) => sum + value, 0);
    return exponentials.map((value) => value / total);
}
/**
 * Platt's scaling with his smoothed targets ("Probabilistic Outputs for Support Vector Machines", 1999), which keep
 * the fit finite when the scores separate perfectly.
 */
export function fitSigmoid(scores, positive) {
    let positives = 0;
    for (let at = 0; at < scores.length; at++)
        positives += positive[at] ? 1 : 0;
    const yes = (positives + 1) / (positives + 2);
    const no = 1 / (scores.length - positives + 2);
    const fitted = minimize((point, gradient) => {
        gradient.fill(0);
        let loss = 0;
        for (let at = 0; at < scores.length; at++) {
            const score = scores[at] ?? 0;
            const target = positive[at] ? yes : no;
            const probability = sigmoid(score, { scale: point[0] ?? 0, bias: point[1] ?? 0 });
            loss -=
                (target * Math.log(Math.max(probability, 1e-12)) +
                    (1 - target) * Math.log(Math.max(1 - probability, 1e-12))) /
                    scores.length;
            gradient[0] = (gradient[0] ?? 0) + ((probability - target) * score) / scores.length;
            gradient[1] = (gradient[1] ?? 0) + (probability - target) / scores.length;
        }
        return loss;
    }, Float64Array.from([2, 0]));
    return { scale: fitted[0] ?? 1, bias: fitted[1] ?? 0 };
}
export function sigmoid(score, calibration) {
    return 1 / (1 + Math.exp(-(calibration.scale * score + calibration.bias)));
}
/**
 * The smallest confidence above which the answers of held-out rows are wrong in at most `targetError` of cases, so
 * that as many as possible are answered. 1 when even the surest are wrong more often.
 */
export function selectThreshold(confidences, correct, targetError) {
    const order = [...confidences.keys()].sort((left, right) => (confidences[right] ?? 0) - (confidences[left] ?? 0));
    let wrong = 0;
    let threshold = 1;
    order.forEach((row, rank) => {
        if (!correct[row])
            wrong++;
        // Rows of equal confidence are answered together or not at all.
        const isLast = confidences[order[rank + 1] ?? -1] !== confidences[row];
        if (isLast && wrong / (rank + 1) <= targetError)
            threshold = confidences[row] ?? 1;
    });
    return threshold;
}
//# sourceMappingURL=calibration.js.map