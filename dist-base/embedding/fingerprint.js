import { createHash } from 'node:crypto';
import { access } from 'node:fs/promises';
import path from 'node:path';
/** File name suffix of each kind of weights, as transformers.js names them. */
const WEIGHT_SUFFIXES = {
    fp32: '',
    fp16: '_fp16',
    int8: '_int8',
    uint8: '_uint8',
    q8: '_quantized',
    q4: '_q4',
    q4f16: '_q4f16',
    bnb4: '_bnb4',
};
export const WEIGHT_KINDS = Object.keys(WEIGHT_SUFFIXES);
export function isWeightKind(dtype) {
    return Object.hasOwn(WEIGHT_SUFFIXES, dtype);
}
/** Where the weights lie in a model's folder. */
export function weightsFile(dtype) {
    return `onnx/model${WEIGHT_SUFFIXES[dtype]}.onnx`;
}
/** Relative paths of the files that a worker loads. */
export async function loadedFiles(folder, dtype) {
    const weights = weightsFile(dtype);
    const files = ['config.json', 'tokenizer.json', 'tokenizer_config.json', weights];
    // Weights above 2 GB lie beside the graph.
    const external = `${weights}_data`;
    const hasExternal = await access(path.join(folder, external)).then(() => true, () => false);
    return hasExternal ? [...files, external] : files;
}
/** SHA-256 over everything that decides a vector: the files that are loaded, kind of weights, prefixes and pooling. */
export function fingerprint(loaded, hashes, settings) {
    const parts = {
        files: loaded.map((name) => [name, hashes.get(name)]),
        dtype: settings.MODEL_DTYPE,
        pooling: settings.MODEL_POOLING,
        query: settings.MODEL_QUERY_PREFIX,
        passage: settings.MODEL_PASSAGE_PREFIX,
    };
    return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
//# sourceMappingURL=fingerprint.js.map