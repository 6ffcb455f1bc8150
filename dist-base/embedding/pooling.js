import { mean_pooling, Tensor } from '@xenova/transformers';
/**
 * The sentence vector in a model's outputs: the graph's own, or the mean of `last_hidden_state` over the attention
 * mask, of unit length.
 *
 * @returns a copy that outlives the tensors
 * @throws Error that names the outputs when the one asked for is missing
 */
export function poolOutputs(outputs, mask, pooling) {
    const name = pooling === 'mean' ? 'last_hidden_state' : 'sentence_embedding';
    const output = outputs[name];
    if (!(output instanceof Tensor)) {
        throw new Error(`The model has no output ${name} (it has ${Object.keys(outputs).join(', ')}); see MODEL_POOLING.`);
    }
    const pooled = pooling === 'mean' ? mean_pooling(output, mask).normalize(2, -1) : output;
    if (!(pooled.data instanceof Float32Array))
        throw new Error(`The model's output ${name} is not float32.`);
    return pooled.data.slice();
}
//# sourceMappingURL=pooling.js.map