const CHAR_MIN = 2;
const CHAR_MAX = 4;
/** Characters of a text that n-grams are taken from; longer texts say enough by their words. */
const MAX_CHARS = 1_200;
const MAX_WORDS = 400;
const SHORT_WORDS = 3;
const LONG_WORDS = 60;
/** Signs of form. Each pattern looks at the end of the text or for one sign, so it is linear. */
const FORMS = {
    ends_asking: /\?\s*$/u,
    ends_particle: /[吗呢么嘛][^\p{L}\p{N}]{0,4}$/u,
    exclaims: /!/u,
    asks_somewhere: /\?/u,
};
/** Cues and signs of form, words and pairs of words, then character n-grams. */
export function* termsOf(source) {
    const words = source.words.slice(0, MAX_WORDS);
    for (const { name, start, end } of source.cues)
        yield { term: `f:${name}`, start, end };
    yield* formTerms(source);
    yield* wordTerms(words);
    let read = 0;
    for (const word of words) {
        if (word.kind === 'number' || word.kind === 'mark')
            continue;
        read += word.form.length;
        if (read > MAX_CHARS)
            return;
        yield* characterTerms(word);
    }
}
function* formTerms({ normal: { text }, words }) {
    for (const [name, pattern] of Object.entries(FORMS)) {
        const match = pattern.exec(text);
        if (match)
            yield { term: `f:${name}`, start: match.index, end: match.index + match[0].length };
    }
    if (words.length <= SHORT_WORDS)
        yield { term: 'f:short', start: 0, end: text.length };
    if (words.length >= LONG_WORDS)
        yield { term: 'f:long', start: 0, end: text.length };
}
function* wordTerms(words) {
    const forms = words.map((word) => (word.kind === 'number' ? '#' : word.term));
    for (const [index, word] of words.entries()) {
        yield { term: `w:${forms[index]}`, start: word.start, end: word.end };
        const next = words[index + 1];
        if (next)
            yield { term: `w:${forms[index]} ${forms[index + 1]}`, start: word.start, end: next.end };
    }
}
function* characterTerms(word) {
    const padded = word.kind === 'han' ? word.form : ` ${word.form} `;
    for (let length = CHAR_MIN; length <= CHAR_MAX; length++) {
        for (let at = 0; at + length <= padded.length; at++) {
            yield { term: `c:${padded.slice(at, at + length)}`, start: word.start, end: word.end };
        }
    }
}
/** Learns which terms occur in at least `minDocuments` of the sources, and how telling each is (smoothed IDF). */
export function fitVocabulary(sources, minDocuments) {
    const frequency = new Map();
    for (const source of sources) {
        const seen = new Set();
        for (const { term } of termsOf(source))
            seen.add(term);
        for (const term of seen)
            frequency.set(term, (frequency.get(term) ?? 0) + 1);
    }
    const terms = [...frequency.keys()].filter((term) => (frequency.get(term) ?? 0) >= minDocuments).sort();
    const idf = Float32Array.from(terms, (term) => Math.log((1 + sources.length) / (1 + (frequency.get(term) ?? 0))) + 1);
    return { terms, idf };
}
/** What one cue counts beside a block of unit length; set by cross-validation on the seed examples. */
export const CUE_WEIGHT = 0.5;
/** Turns documents into sparse vectors; words and characters are two blocks of unit length each. */
export class Vectorizer {
    #index;
    #vocabulary;
    constructor(vocabulary) {
        this.#vocabulary = vocabulary;
        this.#index = new Map(vocabulary.terms.map((term, index) => [term, index]));
    }
    transform(source) {
        const counts = new Map();
        for (const { term } of termsOf(source)) {
            const index = this.#index.get(term);
            if (index !== undefined)
                counts.set(index, (counts.get(index) ?? 0) + 1);
        }
        const indices = Int32Array.from(counts.keys()).sort();
        const values = new Float32Array(indices.length);
        const squares = { c: 0, w: 0, f: 1 };
        indices.forEach((index, at) => {
            const block = this.#block(index);
            const value = block === 'f' ? 1 : (1 + Math.log(counts.get(index) ?? 1)) * (this.#vocabulary.idf[index] ?? 0);
            values[at] = value;
            if (block !== 'f')
                squares[block] += value * value;
        });
        const scale = { c: 1 / Math.sqrt(squares.c || 1), w: 1 / Math.sqrt(squares.w || 1), f: CUE_WEIGHT };
        indices.forEach((index, at) => {
            values[at] = (values[at] ?? 0) * scale[this.#block(index)];
        });
        return { indices, values };
    }
    indexOf(term) {
        return this.#index.get(term);
    }
    #block(index) {
        const letter = this.#vocabulary.terms[index]?.[0];
        return letter === 'c' || letter === 'f' ? letter : 'w';
    }
}
/** The mean of vectors: subtracting it spreads e5's cosines, which all lie between 0.7 and 1. */
export function meanVector(vectors, dimensions) {
    const mean = new Float32Array(dimensions);
    for (const vector of vectors) {
        for (let at = 0; at < dimensions; at++)
            mean[at] = (mean[at] ?? 0) + (vector[at] ?? 0) / vectors.length;
    }
    return mean;
}
/** `vector - mean`, at unit length. */
export function center(vector, mean) {
    const centered = new Float32Array(vector.length);
    let square = 0;
    for (let at = 0; at < vector.length; at++) {
        const value = (vector[at] ?? 0) - (mean[at] ?? 0);
        centered[at] = value;
        square += value * value;
    }
    const scale = 1 / Math.sqrt(square || 1);
    for (let at = 0; at < centered.length; at++)
        centered[at] = (centered[at] ?? 0) * scale;
    return centered;
}
//# sourceMappingURL=features.js.map