import { sql } from 'kysely';
/** Nine significant digits give back every 32-bit float exactly (IEEE 754). */
const FLOAT32_DIGITS = 9;
/**
 * A sentence vector as pgvector's text, `[0.1,0.2,…]`.
 *
 * @throws RangeError for NaN and infinity, which pgvector cannot hold
 */
export function asVector(vector) {
    const numbers = Array.from(vector, (value) => {
        if (!Number.isFinite(value))
            throw new RangeError('a vector must hold finite numbers only');
        return Number(value.toPrecision(FLOAT32_DIGITS));
    });
    return `[${numbers.join(',')}]`;
}
/** The vector in pgvector's text. */
export function parseVector(text) {
    return Float32Array.from(text.slice(1, -1).split(','), Number);
}
/**
 * Cosine distance, 0 (same direction) to 2, of a column to a vector; order by it and LIMIT, and put a threshold
 * around that query, not into it: an index serves only the order.
 */
export function cosineDistance(column, vector) {
    return sql `${sql.ref(column)} <=> ${asVector(vector)}::vector`;
}
//# sourceMappingURL=vector.js.map