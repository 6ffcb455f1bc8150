/** Texts embedded at once: enough to keep every session busy without filling the queue. */
const CONCURRENCY = 16;
/** The vectors of many texts, in their order. */
export async function embedTexts(encoder, texts, { signal, onDone } = {}) {
    const vectors = [];
    let next = 0;
    const work = async () => {
        for (let at = next++; at < texts.length; at = next++) {
            vectors[at] = (await encoder.embed(texts[at] ?? '', signal ? { signal } : {})).vector;
            onDone?.();
        }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
    return vectors;
}
//# sourceMappingURL=embed-texts.js.map