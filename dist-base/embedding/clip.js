/** Share of the window that the beginning of a long text gets: 384 of 512 tokens, as in the model's notes. */
const HEAD_SHARE = 0.75;
/** The longest piece of the XLM-R vocabulary has 16 characters, so n tokens never come from more than 16 n of them. */
const CHARACTERS_PER_TOKEN = 16;
/** First guess: English has about 4 characters per token, Chinese 1.5. */
const USUAL_CHARACTERS_PER_TOKEN = 5;
/** A cut changes how the pieces next to it are divided, not those further away than one longest piece. */
const MARGIN = CHARACTERS_PER_TOKEN;
/**
 * Ids of a text for a model that takes at most `window` tokens, special tokens included. When there are more, the
 * first three quarters of the window hold the beginning of the text and the last quarter its end.
 *
 * A long text is not tokenised whole: its beginning and its end are tokenised alone, in growing cuts, until enough
 * tokens are known. The best division of a Unigram vocabulary is local, so the ids beyond a margin at the cut are
 * those of the whole text. 20 000 characters then cost what about 4 000 do.
 */
export function clipToWindow(text, encode, frame, window) {
    const room = window - frame.before.length - frame.after.length;
    const start = encodeStart(text, encode, room + 1);
    if (start.whole && start.ids.length <= room)
        return framed(start.ids, frame, false);
    const headRoom = Math.floor(window * HEAD_SHARE) - frame.before.length;
    const tailRoom = room - headRoom;
    const end = start.whole ? start.ids : encodeEnd(text, encode, tailRoom);
    return framed([...start.ids.slice(0, headRoom), ...end.slice(-tailRoom)], frame, true);
}
function encodeStart(text, encode, wanted) {
    const most = (wanted + MARGIN) * CHARACTERS_PER_TOKEN;
    for (let size = wanted * USUAL_CHARACTERS_PER_TOKEN;; size = Math.min(size * 2, most)) {
        if (size >= text.length)
            return { ids: encode(text), whole: true };
        const ids = encode(text.slice(0, characterBoundary(text, size)));
        if (ids.length >= wanted + MARGIN || size === most)
            return { ids, whole: false };
    }
}
function encodeEnd(text, encode, wanted) {
    const most = (wanted + MARGIN) * CHARACTERS_PER_TOKEN;
    for (let size = wanted * USUAL_CHARACTERS_PER_TOKEN;; size = Math.min(size * 2, most)) {
        const ids = encode(text.slice(characterBoundary(text, Math.max(0, text.length - size))));
        if (ids.length >= wanted + MARGIN || size >= text.length || size === most)
            return ids;
    }
}
/** `index`, or one less where it would divide a surrogate pair. */
function characterBoundary(text, index) {
    const code = text.charCodeAt(index);
    return code >= 0xdc00 && code <= 0xdfff ? index - 1 : index;
}
function framed(ids, frame, truncated) {
    return { ids: [...frame.before, ...ids, ...frame.after], truncated };
}
//# sourceMappingURL=clip.js.map