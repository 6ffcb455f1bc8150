import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
/**
 * Sentence vectors of the seed examples, carried with them so that the first start need not embed thousands of texts:
 * a line of JSON (`encoder`, `dimensions`, `count`), then per text 8 bytes of its SHA-256, a float32 scale and one
 * signed byte per dimension. Rounding to bytes moves a vector by a cosine of less than 0.0002.
 */
const KEY_BYTES = 8;
const SCALE_BYTES = 4;
const NEWLINE = 0x0a;
const headerSchema = z.object({ encoder: z.string(), dimensions: z.int().min(1), count: z.int().min(0) });
export function textKey(text) {
    return createHash('sha256')
        .update(text)
        .digest('hex')
        .slice(0, KEY_BYTES * 2);
}
export function packVectors(encoder, vectors) {
    const dimensions = vectors.values().next().value?.length ?? 0;
    const header = { encoder, dimensions, count: vectors.size };
    const parts = [Buffer.from(`${JSON.stringify(header)}\n`)];
    for (const [key, vector] of [...vectors].sort(([left], [right]) => (left < right ? -1 : 1))) {
        const scale = Math.max(...vector.map(Math.abs)) / 127;
        const row = Buffer.alloc(KEY_BYTES + SCALE_BYTES + dimensions);
        row.write(key, 'hex');
        row.writeFloatLE(scale, KEY_BYTES);
        for (const [at, value] of vector.entries())
            row.writeInt8(Math.round(value / scale), KEY_BYTES + SCALE_BYTES + at);
        parts.push(row);
    }
    return Buffer.concat(parts);
}
/** The vectors in the file by `textKey`; none when it was made with another encoder, is not there, or is cut short. */
export async function readSeedVectors(file, encoder, logger) {
    let bytes;
    try {
        bytes = await readFile(file);
    }
    catch (error) {
        logger.warn({ err: error }, 'the vectors of the seed examples cannot be read; they are computed');
        return new Map();
    }
    const end = bytes.indexOf(NEWLINE);
    const header = parseHeader(bytes.subarray(0, Math.max(0, end)).toString('utf8'));
    if (header !== undefined && header.encoder !== encoder)
        return new Map();
    const size = KEY_BYTES + SCALE_BYTES + (header?.dimensions ?? 0);
    if (header === undefined || bytes.length !== end + 1 + header.count * size) {
        logger.warn('the vectors of the seed examples are damaged; they are computed');
        return new Map();
    }
    const vectors = new Map();
    for (let row = 0; row < header.count; row++) {
        const start = end + 1 + row * size;
        const scale = bytes.readFloatLE(start + KEY_BYTES);
        const body = bytes.subarray(start + KEY_BYTES + SCALE_BYTES, start + size);
        vectors.set(bytes.toString('hex', start, start + KEY_BYTES), Float32Array.from(new Int8Array(body), (value) => value * scale));
    }
    return vectors;
}
function parseHeader(line) {
    try {
        return headerSchema.parse(JSON.parse(line));
    }
    catch {
        return undefined; // the caller tells that the file is damaged
    }
}
//# sourceMappingURL=seed-vectors.js.map