import { LRUCache } from 'lru-cache';
/** What the normaliser of the XLM-R vocabulary (`Precompiled`, nmt_nfkc) turns into a space. */
const SPACES = /[\t\n\f\r \u00a0\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2581\u3000\ufeff\ufffd]+/;
/** Longer runs are Chinese sentences, links or hashes: they do not come again. */
const LONGEST_WORD = 24;
const WORDS_KEPT = 20_000;
/**
 * The same ids as `encode`, word by word, with the ids of short words kept.
 *
 * Only for SentencePiece Unigram vocabularies whose pieces never cross a space, such as XLM-R's: there the best
 * division of a text is that of its words. English costs a tenth; the tokenizer is 6 % of the work without this.
 */
export function wordByWord(encode) {
    const known = new LRUCache({ max: WORDS_KEPT });
    const encodeWord = (word) => {
        const kept = known.get(word);
        if (kept !== undefined)
            return kept;
        const ids = encode(word);
        if (word.length <= LONGEST_WORD)
            known.set(word, ids);
        return ids;
    };
    return (text) => {
        // A special token written out (`<s>`) and a space at the end get ids that depend on what is around them.
        if (text.includes('<'))
            return encode(text);
        const words = text.split(SPACES).map(encodeWord);
        return words.at(-1)?.length === 0 ? encode(text) : words.flat();
    };
}
//# sourceMappingURL=words.js.map