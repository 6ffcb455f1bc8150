const MEMORY = 8;
const ARMIJO = 1e-4;
/**
 * Minimises a smooth function by limited-memory BFGS with backtracking (Nocedal and Wright, Numerical Optimization,
 * 2nd ed., algorithms 7.4 and 7.5). For the few parameters of a calibration.
 */
export function minimize(objective, start, maxIterations = 100, tolerance = 1e-6) {
    let point = Float64Array.from(start);
    let gradient = new Float64Array(point.length);
    let value = objective(point, gradient);
    const steps = [];
    for (let iteration = 0; iteration < maxIterations; iteration++) {
        if (Math.sqrt(product(gradient, gradient)) < tolerance)
            break;
        const direction = descent(gradient, steps);
        const slope = product(direction, gradient);
        let length = iteration === 0 ? Math.min(1, 1 / Math.sqrt(product(gradient, gradient))) : 1;
        const nextGradient = new Float64Array(point.length);
        let next = point;
        let nextValue = Number.POSITIVE_INFINITY;
        for (; length > 1e-12; length /= 2) {
            next = point.map((coordinate, at) => coordinate + length * (direction[at] ?? 0));
            nextValue = objective(next, nextGradient);
            if (nextValue <= value + ARMIJO * length * slope)
                break;
        }
        if (!(nextValue < value))
            break;
        const s = next.map((coordinate, at) => coordinate - (point[at] ?? 0));
        const y = nextGradient.map((coordinate, at) => coordinate - (gradient[at] ?? 0));
        const curvature = product(s, y);
        if (curvature > 1e-12)
            steps.push({ s, y, rho: 1 / curvature });
        if (steps.length > MEMORY)
            steps.shift();
        point = next;
        gradient = nextGradient;
        value = nextValue;
    }
    return point;
}
function descent(gradient, steps) {
    const direction = gradient.map((value) => -value);
    const alphas = [];
    for (const { s, y, rho } of steps.toReversed()) {
        const alpha = rho * product(s, direction);
        alphas.push(alpha);
        addScaled(direction, y, -alpha);
    }
    const last = steps.at(-1);
    if (last) {
        const scale = product(last.s, last.y) / product(last.y, last.y);
        for (let at = 0; at < direction.length; at++)
            direction[at] = (direction[at] ?? 0) * scale;
    }
    for (const { s, y, rho } of steps) {
        const beta = rho * product(y, direction);
        addScaled(direction, s, (alphas.pop() ?? 0) - beta);
    }
    return direction;
}
function addScaled(target, source, scale) {
    for (let at = 0; at < target.length; at++)
        target[at] = (target[at] ?? 0) + scale * (source[at] ?? 0);
}
function product(left, right) {
    let sum = 0;
    for (let at = 0; at < left.length; at++)
        sum += (left[at] ?? 0) * (right[at] ?? 0);
    return sum;
}
//# sourceMappingURL=lbfgs.js.map