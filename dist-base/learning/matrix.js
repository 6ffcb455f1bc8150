import { dotAt } from './dot.js';
export function buildMatrix(rows, dimensions, vocabularySize, weights) {
    const offsets = new Int32Array(rows.length + 1);
    rows.forEach((row, index) => {
        offsets[index + 1] = (offsets[index] ?? 0) + row.sparse.indices.length;
    });
    const total = offsets[rows.length] ?? 0;
    const matrix = {
        rows: rows.length,
        dimensions,
        dense: new Float32Array(rows.length * dimensions),
        vocabularySize,
        offsets,
        indices: new Int32Array(total),
        values: new Float32Array(total),
    };
    rows.forEach((row, index) => {
        for (let at = 0; at < dimensions; at++)
            matrix.dense[index * dimensions + at] = (row.dense[at] ?? 0) * weights.dense;
        const offset = offsets[index] ?? 0;
        matrix.indices.set(row.sparse.indices, offset);
        row.sparse.values.forEach((value, at) => {
            matrix.values[offset + at] = value * weights.sparse;
        });
    });
    return matrix;
}
/** The function's value on one row of the matrix. */
export function scoreRow(matrix, row, { dense, sparse, bias }) {
    let sum = bias + dotAt(matrix.dense, row * matrix.dimensions, dense);
    const end = matrix.offsets[row + 1];
    for (let at = matrix.offsets[row]; at < end; at++) {
        sum += matrix.values[at] * sparse[matrix.indices[at]];
    }
    return sum;
}
//# sourceMappingURL=matrix.js.map