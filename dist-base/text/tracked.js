export function track(source) {
    return { text: source, origin: Int32Array.from({ length: source.length + 1 }, (_, index) => index) };
}
/** The span of the source that produced `[start, end)` of the tracked text. */
export function toSource(tracked, span) {
    const start = originAt(tracked, span.start);
    if (span.end <= span.start)
        return { start, end: start };
    return { start, end: Math.max(start, originAt(tracked, endOfPiece(tracked, span.end))) };
}
/** `end`, moved on past what came from the same character: half of a `½` that became `1⁄2` is shown as a whole one. */
export function endOfPiece(tracked, end) {
    let at = end;
    while (at > 0 && at < tracked.text.length && tracked.origin[at] === tracked.origin[at - 1])
        at++;
    return at;
}
/** Replaces non-overlapping, ascending spans. Each unit of a replacement points at the start of what it replaces. */
export function replaceSpans(tracked, spans) {
    const builder = new TrackedBuilder();
    let position = 0;
    for (const span of spans) {
        builder.copy(tracked, position, span.start);
        builder.append(span.replacement, originAt(tracked, span.start));
        position = span.end;
    }
    builder.copy(tracked, position, tracked.text.length);
    return builder.finish(originAt(tracked, tracked.text.length));
}
/** Collects pieces of text with the source offset of each piece. */
export class TrackedBuilder {
    #pieces = [];
    #origin = [];
    append(piece, origin) {
        this.#pieces.push(piece);
        for (let index = 0; index < piece.length; index++)
            this.#origin.push(origin);
    }
    copy(from, start, end) {
        if (end <= start)
            return;
        this.#pieces.push(from.text.slice(start, end));
        for (let index = start; index < end; index++)
            this.#origin.push(originAt(from, index));
    }
    finish(sourceEnd) {
        this.#origin.push(sourceEnd);
        return { text: this.#pieces.join(''), origin: Int32Array.from(this.#origin) };
    }
}
function originAt(tracked, index) {
    const origin = tracked.origin[index];
    if (origin === undefined)
        throw new RangeError(`offset ${index} is outside the text`);
    return origin;
}
//# sourceMappingURL=tracked.js.map