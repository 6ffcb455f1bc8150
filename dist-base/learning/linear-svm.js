import { scoreRow } from './matrix.js';
import { createRandom, shuffle } from './random.js';
/**
 * A linear support vector machine with squared hinge loss, by dual coordinate descent with shrinking (Hsieh et al., "A
 * Dual Coordinate Descent Method for Large-scale Linear SVM", ICML 2008, algorithms 1 and 3).
 *
 * `rows` are the rows of the matrix to learn from, `positive[i]` says whether row `rows[i]` is one of the label.
 */
export function trainLinearSvm(matrix, rows, positive, options) {
    const { seed, maxEpochs = 60, tolerance = 0.1 } = options;
    const problem = createProblem(matrix, rows, positive, options);
    const order = Int32Array.from(rows.keys());
    const random = createRandom(seed);
    let active = rows.length;
    let bound = Number.POSITIVE_INFINITY;
    for (let epoch = 0; epoch < maxEpochs; epoch++) {
        shuffle(order.subarray(0, active), random);
        const pass = sweep(problem, order, active, bound);
        active = pass.active;
        bound = pass.highest > 0 ? pass.highest : Number.POSITIVE_INFINITY;
        if (pass.highest - pass.lowest > tolerance)
            continue;
        if (active === rows.length)
            break;
        active = rows.length;
        bound = Number.POSITIVE_INFINITY;
    }
    return problem.weights;
}
function createProblem(matrix, rows, positive, { cost, positiveWeight = 1 }) {
    const slack = Float64Array.from(positive, (yes) => 1 / (2 * cost * (yes ? positiveWeight : 1)));
    return {
        matrix,
        rows,
        positive,
        weights: { dense: new Float32Array(matrix.dimensions), sparse: new Float32Array(matrix.vocabularySize), bias: 0 },
        alpha: new Float64Array(rows.length),
        slack,
        diagonal: Float64Array.from(rows, (row, at) => squaredNorm(matrix, row) + 1 + (slack[at] ?? 0)),
    };
}
/**
 * One pass over the active rows. Rows at their bound whose gradient is above the last pass's largest violation are
 * moved behind the active ones: they stay at the bound and need not be looked at for a while.
 */
function sweep(problem, order, activeBefore, bound) {
    let active = activeBefore;
    let highest = Number.NEGATIVE_INFINITY;
    let lowest = Number.POSITIVE_INFINITY;
    for (let turn = 0; turn < active; turn++) {
        const at = order[turn];
        const gradient = gradientAt(problem, at);
        const isAtBound = problem.alpha[at] === 0;
        if (isAtBound && gradient > bound) {
            active--;
            order[turn] = order[active];
            order[active] = at;
            turn--;
            continue;
        }
        const violation = isAtBound ? Math.min(gradient, 0) : gradient;
        highest = Math.max(highest, violation);
        lowest = Math.min(lowest, violation);
        if (violation !== 0)
            descend(problem, at, gradient);
    }
    return { active, highest, lowest };
}
function gradientAt({ matrix, rows, positive, weights, alpha, slack }, at) {
    const sign = positive[at] ? 1 : -1;
    return sign * scoreRow(matrix, rows[at], weights) - 1 + alpha[at] * slack[at];
}
function descend({ matrix, rows, positive, weights, alpha, diagonal }, at, gradient) {
    const before = alpha[at];
    const after = Math.max(before - gradient / diagonal[at], 0);
    alpha[at] = after;
    move(matrix, rows[at], weights, (after - before) * (positive[at] ? 1 : -1));
}
function move(matrix, row, weights, step) {
    const { dimensions, offsets, indices, values } = matrix;
    const start = row * dimensions;
    for (let at = 0; at < dimensions; at++)
        weights.dense[at] = weights.dense[at] + step * matrix.dense[start + at];
    const end = offsets[row + 1];
    for (let at = offsets[row]; at < end; at++) {
        const index = indices[at];
        weights.sparse[index] = weights.sparse[index] + step * values[at];
    }
    weights.bias += step;
}
function squaredNorm(matrix, row) {
    let sum = 0;
    const start = row * matrix.dimensions;
    for (let at = start; at < start + matrix.dimensions; at++)
        sum += matrix.dense[at] ** 2;
    const end = matrix.offsets[row + 1];
    for (let at = matrix.offsets[row]; at < end; at++)
        sum += matrix.values[at] ** 2;
    return sum;
}
//# sourceMappingURL=linear-svm.js.map