/** Vectors of one length, each as 8-bit numbers times a scale of its own: a quarter of the bytes of 32-bit ones. */
export interface QuantizedRows {
  readonly dimensions: number;
  readonly values: Int8Array;
  /** One per row. */
  readonly scales: Float32Array;
}

const LARGEST = 127;

/** `vectors`: rows × dimensions, one row after the other. Each keeps its length; a cosine moves by less than 0.002. */
export function quantize(vectors: Float32Array, dimensions: number): QuantizedRows {
  const rows = dimensions === 0 ? 0 : vectors.length / dimensions;
  const values = new Int8Array(vectors.length);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const start = row * dimensions;
    const end = start + dimensions;
    let largest = 0;
    for (let at = start; at < end; at++) largest = Math.max(largest, Math.abs(vectors[at] as number));
    const step = largest / LARGEST || 1;
    let square = 0;
    let kept = 0;
    for (let at = start; at < end; at++) {
      const value = Math.round((vectors[at] as number) / step);
      values[at] = value;
      square += (vectors[at] as number) ** 2;
      kept += value ** 2;
    }
    scales[row] = Math.sqrt(square / (kept || 1));
  }
  return { dimensions, values, scales };
}

/** The same of vectors one by one. */
export function quantizeRows(vectors: readonly Float32Array[]): QuantizedRows {
  const dimensions = vectors[0]?.length ?? 0;
  const joined = new Float32Array(vectors.length * dimensions);
  vectors.forEach((vector, row) => {
    joined.set(vector, row * dimensions);
  });
  return quantize(joined, dimensions);
}

/** The product of a row with a vector; four running sums, as in `dotAt`. */
export function dotRow({ dimensions, values, scales }: QuantizedRows, row: number, vector: Float32Array): number {
  const start = row * dimensions;
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  let at = 0;
  for (; at + 3 < dimensions; at += 4) {
    first += (values[start + at] as number) * (vector[at] as number);
    second += (values[start + at + 1] as number) * (vector[at + 1] as number);
    third += (values[start + at + 2] as number) * (vector[at + 2] as number);
    fourth += (values[start + at + 3] as number) * (vector[at + 3] as number);
  }
  for (; at < dimensions; at++) first += (values[start + at] as number) * (vector[at] as number);
  return (first + second + third + fourth) * (scales[row] as number);
}

/** All rows in 32-bit numbers, one after the other. */
export function allRows({ dimensions, values, scales }: QuantizedRows): Float32Array {
  return Float32Array.from(values, (value, at) => value * (scales[Math.floor(at / dimensions)] as number));
}

/** A row in 32-bit numbers. */
export function rowAt({ dimensions, values, scales }: QuantizedRows, row: number): Float32Array {
  const scale = scales[row] as number;
  return Float32Array.from(values.subarray(row * dimensions, (row + 1) * dimensions), (value) => value * scale);
}
