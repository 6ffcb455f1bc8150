import { createHash } from 'node:crypto';
import { AppError } from '../errors.js';
const DEFAULT_DIMENSIONS = 384;
const LONGEST_GRAM = 3;
/**
 * A deterministic encoder for tests, without a model: hashed character 1–3-grams, so that texts which share words lie
 * near one another and nothing else is meant by it. Only tests may import it; no setting selects it.
 */
export function createFakeEncoder({ dimensions = DEFAULT_DIMENSIONS } = {}) {
    let closed = false;
    let misses = 0;
    return {
        info: { id: 'fake', hash: createHash('sha256').update(`fake ${dimensions}`).digest('hex'), dimensions },
        async embed(text, { signal } = {}) {
            signal?.throwIfAborted();
            if (closed)
                throw new AppError('encoder_unavailable', 'The encoder is being shut down.');
            misses += 1;
            return hashedGrams(text, dimensions);
        },
        stats: () => ({
            sessions: closed ? 0 : 1,
            busy: 0,
            waiting: 0,
            cacheHits: 0,
            cacheMisses: misses,
            restarts: 0,
        }),
        [Symbol.asyncDispose]: async () => {
            closed = true;
        },
    };
}
function hashedGrams(text, dimensions) {
    const vector = new Float32Array(dimensions);
    const characters = Array.from(text.normalize('NFKC').toLowerCase());
    for (let size = 1; size <= LONGEST_GRAM; size += 1) {
        const weight = 1 / size;
        for (let start = 0; start + size <= characters.length; start += 1) {
            const hash = fnv1a(characters.slice(start, start + size).join(''));
            const index = hash % dimensions;
            vector[index] = (vector[index] ?? 0) + (hash & 0x8000_0000 ? -weight : weight);
        }
    }
    const length = Math.hypot(...vector) || 1;
    return { vector: vector.map((value) => value / length), tokens: characters.length, truncated: false };
}
/** FNV-1a, 32 bits (draft-eastlake-fnv). */
function fnv1a(text) {
    let hash = 0x811c9dc5;
    for (const byte of Buffer.from(text, 'utf8'))
        hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
    return hash;
}
//# sourceMappingURL=fake.js.map