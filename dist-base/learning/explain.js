import { termsOf } from './features.js';
/** Words that carry a weight without telling a reader anything. */
const FUNCTION_WORDS = new Set('a an the i im ive id me my mine we us our you your youre he she it its they them their this that these those is are was were be been am do does did done has have had will would can could should to of in on at for from with by as and or but if so not no yes just please hi hello dear there here then than too very still also all any some now today'.split(' '));
function isTelling({ kind, form }) {
    return kind === 'han' ? form.length > 1 : kind === 'word' && form.length > 2 && !FUNCTION_WORDS.has(form);
}
/**
 * The words that speak most for a label: what each term adds to the linear score, shared over the places where it
 * stands, and summed by word. Exact for the sparse part of the score; the sentence vector has no words.
 */
export function weighWords(source, vectorizer, sparse, scorer, limit) {
    const places = new Map();
    for (const { term, start, end } of termsOf(source)) {
        const index = vectorizer.indexOf(term);
        if (index === undefined || term.startsWith('f:'))
            continue;
        const known = places.get(index);
        if (known)
            known.push({ start, end });
        else
            places.set(index, [{ start, end }]);
    }
    const weights = new Map();
    for (const [index, spans] of places) {
        const at = sparse.indices.indexOf(index);
        const share = ((sparse.values[at] ?? 0) * (scorer.sparse[index] ?? 0)) / spans.length;
        for (const span of spans) {
            const covered = source.words.filter((word) => word.start >= span.start && word.end <= span.end);
            for (const word of covered)
                weights.set(word.start, (weights.get(word.start) ?? 0) + share / covered.length);
        }
    }
    return source.words
        .filter(isTelling)
        .map(({ start, end }) => ({ start, end, weight: weights.get(start) ?? 0 }))
        .filter(({ weight }) => weight > 0)
        .sort((left, right) => right.weight - left.weight)
        .slice(0, limit);
}
//# sourceMappingURL=explain.js.map