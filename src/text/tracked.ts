/**
 * Text that remembers where each of its UTF-16 code units came from, so that whatever is found after masking,
 * folding and conversion can be shown in what the customer wrote.
 */
export interface TrackedText {
  readonly text: string;
  /** `text.length + 1` offsets into the source; the last one is the end of the source. */
  readonly origin: Int32Array;
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

export function track(source: string): TrackedText {
  return { text: source, origin: Int32Array.from({ length: source.length + 1 }, (_, index) => index) };
}

/** The span of the source that produced `[start, end)` of the tracked text. */
export function toSource(tracked: TrackedText, span: Span): Span {
  const start = originAt(tracked, span.start);
  if (span.end <= span.start) return { start, end: start };
  return { start, end: Math.max(start, originAt(tracked, endOfPiece(tracked, span.end))) };
}

/** `end`, moved on past what came from the same character: half of a `½` that became `1⁄2` is shown as a whole one. */
export function endOfPiece(tracked: TrackedText, end: number): number {
  let at = end;
  while (at > 0 && at < tracked.text.length && tracked.origin[at] === tracked.origin[at - 1]) at++;
  return at;
}

/** Replaces non-overlapping, ascending spans. Each unit of a replacement points at the start of what it replaces. */
export function replaceSpans(
  tracked: TrackedText,
  spans: readonly (Span & { readonly replacement: string })[],
): TrackedText {
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
  readonly #pieces: string[] = [];
  readonly #origin: number[] = [];

  append(piece: string, origin: number): void {
    this.#pieces.push(piece);
    for (let index = 0; index < piece.length; index++) this.#origin.push(origin);
  }

  copy(from: TrackedText, start: number, end: number): void {
    if (end <= start) return;
    this.#pieces.push(from.text.slice(start, end));
    for (let index = start; index < end; index++) this.#origin.push(originAt(from, index));
  }

  finish(sourceEnd: number): TrackedText {
    this.#origin.push(sourceEnd);
    return { text: this.#pieces.join(''), origin: Int32Array.from(this.#origin) };
  }
}

function originAt(tracked: TrackedText, index: number): number {
  const origin = tracked.origin[index];
  if (origin === undefined) throw new RangeError(`offset ${index} is outside the text`);
  return origin;
}
