import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../errors.js';
export const MANIFEST = 'manifest.json';
const manifestSchema = z.record(z.string(), z.strictObject({ bytes: z.number().int().nonnegative(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }));
/** Small pieces let the event loop turn while 100 MB are hashed: one costs less than a millisecond. */
const CHUNK_BYTES = 256 * 1024;
const REMEDY = 'Restore the folder from the release (or `git checkout -- models`), or set MODEL_DIR to another model.';
/**
 * The manifest of a model folder: sizes and SHA-256 by relative path; undefined when there is none.
 *
 * @throws AppError `model_damaged` when the folder is missing or the manifest cannot be used
 */
export async function readManifest(folder) {
    const file = path.join(folder, MANIFEST);
    let text;
    try {
        text = await readFile(file, 'utf8');
    }
    catch (error) {
        if (!isMissing(error))
            throw unreadable(file, error);
        await stat(folder).catch((cause) => {
            throw damaged(`The model folder ${folder} is missing.`, cause);
        });
        return undefined;
    }
    try {
        return manifestSchema.parse(JSON.parse(text));
    }
    catch (error) {
        throw damaged(`${file} is not a manifest of sizes and SHA-256.`, error);
    }
}
/**
 * Looks whether the files are there and as long as the manifest says: quick, and finds most damage.
 *
 * @param names relative paths, beside those of the manifest
 * @throws AppError `model_damaged` that names the file, what was expected and what was found
 */
export async function checkSizes(folder, manifest, names) {
    for (const name of new Set([...names, ...Object.keys(manifest)])) {
        const file = path.join(folder, name);
        const { size } = await stat(file).catch((error) => {
            throw unreadable(file, error);
        });
        const bytes = manifest[name]?.bytes ?? size;
        if (size !== bytes)
            throw damaged(`${file} has ${size} bytes; the manifest says ${bytes}.`);
    }
}
/**
 * SHA-256 of every file, by name, compared with the manifest where that names the file.
 *
 * @param names relative paths, beside those of the manifest
 * @throws AppError `model_damaged` that names the file, what was expected and what was found
 */
export async function hashFiles(folder, manifest, names) {
    const hashes = new Map();
    for (const name of new Set([...names, ...Object.keys(manifest)])) {
        const file = path.join(folder, name);
        const sha256 = await hashFile(file);
        const expected = manifest[name]?.sha256 ?? sha256;
        if (sha256 !== expected)
            throw damaged(`${file} has SHA-256 ${sha256}; the manifest says ${expected}.`);
        hashes.set(name, sha256);
    }
    return hashes;
}
async function hashFile(file) {
    const hash = createHash('sha256');
    try {
        for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES }))
            hash.update(chunk);
    }
    catch (error) {
        throw unreadable(file, error);
    }
    return hash.digest('hex');
}
/** The error for a folder that must have a manifest and has none. */
export function missingManifest(folder) {
    return damaged(`${path.join(folder, MANIFEST)} is missing.`);
}
function unreadable(file, error) {
    const reason = isMissing(error) ? 'is missing' : `cannot be read (${errorCode(error)})`;
    return damaged(`${file} ${reason}.`, error);
}
function damaged(finding, cause) {
    return new AppError('model_damaged', `${finding} ${REMEDY}`, { cause });
}
function isMissing(error) {
    return errorCode(error) === 'ENOENT';
}
function errorCode(error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
//# sourceMappingURL=manifest.js.map