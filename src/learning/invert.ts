/** The inverse of a symmetric positive definite matrix, in place, by Gauss and Jordan without pivots. */
export function invert(matrix: Float64Array, size: number): Float64Array {
  for (let pivot = 0; pivot < size; pivot++) {
    const start = pivot * size;
    const scale = 1 / (matrix[start + pivot] as number);
    matrix[start + pivot] = 1;
    for (let at = start; at < start + size; at++) matrix[at] = (matrix[at] as number) * scale;
    for (let row = 0; row < size; row++) {
      if (row === pivot) continue;
      const factor = matrix[row * size + pivot] as number;
      matrix[row * size + pivot] = 0;
      for (let at = 0; at < size; at++)
        matrix[row * size + at] = (matrix[row * size + at] as number) - factor * (matrix[start + at] as number);
    }
  }
  return matrix;
}
