import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { readDocument } from '../triage/document.js';
import { embedTexts } from './embed-texts.js';
import { HEAD_FORMAT, Head } from './head.js';
import { readSeedVectors, textKey } from './seed-vectors.js';
import { RECIPE } from './train.js';
import { trainInWorker } from './train-in-worker.js';
const TARGET_ERROR = 0.03;
const SEED = 20_261_101;
/** The head for this policy and encoder: from the data folder when it is there and whole, else trained and kept. */
export async function loadHead(sources) {
    const version = headVersion(sources);
    const file = path.join(sources.dataDir, 'heads', `${version}.head`);
    const kept = await readHead(file, sources.logger);
    if (kept !== undefined)
        return { head: new Head(kept), version, trained: false };
    const model = await trainFromSeeds(sources);
    await keep(file, model, sources.logger);
    return { head: new Head(model), version, trained: true };
}
function headVersion({ policy, encoder }) {
    const parts = [
        HEAD_FORMAT,
        JSON.stringify(RECIPE),
        encoder.info.hash,
        policy.versions.taxonomy,
        policy.versions.seeds,
        SEED,
        TARGET_ERROR,
    ];
    return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 12);
}
async function trainFromSeeds(sources) {
    const { policy, encoder, segmenter, logger, signal } = sources;
    const started = performance.now();
    const documents = policy.seeds.map(({ text }) => readDocument(segmenter, { text }));
    const vectors = await vectorsOf(sources, documents.map(({ masked }) => masked.text));
    const examples = policy.seeds.flatMap(({ id, type, topics, risk_flags: flags }, at) => {
        const [document, vector] = [documents[at], vectors[at]];
        if (document === undefined || vector === undefined)
            return [];
        return [
            {
                id,
                type,
                topics,
                flags,
                vector,
                words: document.words,
                cues: document.cues,
                normal: { text: document.normal.text },
            },
        ];
    });
    const settings = {
        encoderHash: encoder.info.hash,
        types: policy.taxonomy.types.map(({ key }) => key),
        topics: policy.taxonomy.topics.map(({ key }) => key),
        flags: policy.taxonomy.risk_flags.map(({ key }) => key),
        seed: SEED,
        targetError: TARGET_ERROR,
    };
    const model = await trainInWorker(examples, settings, {
        signal,
        ...(sources.onProgress && { onProgress: sources.onProgress }),
    });
    logger.info({ examples: examples.length, duration_ms: Math.round(performance.now() - started) }, 'heads trained from the seed examples');
    return model;
}
/** Vectors that are carried with the seeds, and those of the texts that are not among them. */
async function vectorsOf({ encoder, seedVectors, logger, signal, onProgress }, texts) {
    const known = await readSeedVectors(seedVectors, encoder.info.hash, logger);
    const missing = texts.filter((text) => !known.has(textKey(text)));
    let done = 0;
    const computed = await embedTexts(encoder, missing, { signal, onDone: () => onProgress?.(++done, missing.length) });
    const all = new Map([
        ...known,
        ...missing.map((text, at) => [textKey(text), computed[at] ?? new Float32Array()]),
    ]);
    return texts.map((text) => all.get(textKey(text)) ?? new Float32Array());
}
/** The stored head, or undefined when there is none or it is damaged (then it is trained anew). */
async function readHead(file, logger) {
    let bytes;
    try {
        bytes = await readFile(file);
    }
    catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
            return undefined;
        throw error;
    }
    const digest = createHash('sha256').update(bytes.subarray(32)).digest();
    if (digest.equals(bytes.subarray(0, 32)))
        return deserialize(bytes.subarray(32));
    logger.warn({ file }, 'the stored head is damaged and is trained anew');
    return undefined;
}
/** Writes beside and renames, so that a reader never sees half a file. A full disk costs a training per start, no more. */
async function keep(file, model, logger) {
    const body = serialize(model);
    const temporary = `${file}.${randomUUID()}`;
    try {
        await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
        await writeFile(temporary, [createHash('sha256').update(body).digest(), body], { mode: 0o600 });
        await rename(temporary, file);
    }
    catch (error) {
        logger.warn({ err: error }, 'the trained head could not be kept; the next start trains it again');
        await rm(temporary, { force: true });
    }
}
//# sourceMappingURL=load-head.js.map