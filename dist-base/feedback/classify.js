import { readDocument } from '../triage/document.js';
import { triage } from '../triage/triage.js';
/**
 * Reads, masks, embeds and decides; stores nothing.
 *
 * @throws AppError of the encoder (`overloaded`, `deadline_exceeded`, `encoder_unavailable`)
 */
export async function classify(engine, request, { signal } = {}) {
    const receivedAt = engine.now();
    const started = performance.now();
    const document = readDocument(engine.segmenter, request);
    const read = performance.now();
    const embedding = await engine.encoder.embed(document.masked.text, signal ? { signal } : {});
    const embedded = performance.now();
    const { policy, learned } = engine;
    const decision = triage({ ...policy, timeZone: engine.config.TIME_ZONE }, {
        document,
        prediction: learned.head.predict(document, embedding.vector),
        channel: request.channel,
        customer: request.customer ?? {},
        receivedAt,
        tokens: embedding.tokens,
        truncated: embedding.truncated,
        versions: {
            model: engine.encoder.info.hash.slice(0, 12),
            taxonomy: policy.versions.taxonomy,
            rules: policy.versions.rules,
            head: learned.version,
        },
    });
    const done = performance.now();
    const timing = { read: read - started, embed: embedded - read, decide: done - embedded, total: done - started };
    return { decision, document, embedding, receivedAt, timing };
}
//# sourceMappingURL=classify.js.map