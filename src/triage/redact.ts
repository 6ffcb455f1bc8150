import { normalize } from '../text/normalize.ts';
import { replaceSpans, type Span, type TrackedText, toSource, track } from '../text/tracked.ts';
import { DETECTORS, type Detector, type RedactionKind } from './redact-kinds.ts';

/** Personal data found. Offsets are UTF-16 code units of the original text. */
export interface Redaction extends Span {
  readonly kind: RedactionKind;
}

export interface Redacted {
  /** The text with `[EMAIL]`, `[PHONE]` … in place of personal data, tracked back to the original. */
  readonly masked: TrackedText;
  readonly redactions: readonly Redaction[];
}

/** Characters before and behind a find that say what it is. */
const CONTEXT = 40;

/** Finds personal data and masks it. Detectors are tried in order: the first to claim a span keeps it. */
export function redact(original: string): Redacted {
  const folded = normalize(track(original));
  const claimed = new Uint8Array(original.length);
  const found: Redaction[] = [];
  for (const detector of DETECTORS) {
    for (const match of findAll(detector, folded, original)) {
      const span = toSource(folded, match);
      if (claimed.subarray(span.start, span.end).includes(1)) continue;
      claimed.fill(1, span.start, span.end);
      found.push({ kind: detector.kind, ...span });
    }
  }
  found.sort((left, right) => left.start - right.start);
  const masks = found.map((redaction) => ({ ...redaction, replacement: `[${redaction.kind.toUpperCase()}]` }));
  return { masked: replaceSpans(track(original), masks), redactions: found };
}

/** Spans of the folded text that are valid. A search that failed goes on one character later. */
function* findAll({ pattern, isValid }: Detector, folded: TrackedText, original: string): Generator<Span> {
  const finder = new RegExp(pattern);
  for (let match = finder.exec(folded.text); match !== null; match = finder.exec(folded.text)) {
    const start = match.index;
    const before = folded.text.slice(Math.max(0, start - CONTEXT), start);
    const hit = prefixes(match[0]).find((prefix) => {
      const end = start + prefix.length;
      return isValid(spelling(folded, original, start, prefix), before, folded.text.slice(end, end + CONTEXT));
    });
    finder.lastIndex = start + (hit?.length ?? 1);
    if (hit !== undefined) yield { start, end: start + hit.length };
  }
}

/** What was found, and the same without the last groups of digits, which may be another number; no cut at decimals. */
function prefixes(found: string): string[] {
  const ends = [...found.matchAll(/(?<=\d)(?!\.\d)[^\p{L}\d]+(?=\d)/gu)].map(({ index }) => index);
  return [found, ...ends.reverse().map((end) => found.slice(0, end))];
}

/** A span of the folded text in the customer's capitals, which the checksum of a wallet depends on. */
function spelling(folded: TrackedText, original: string, start: number, found: string): string {
  return Array.from(found, (_, index) => original[folded.origin[start + index] ?? 0])
    .join('')
    .normalize('NFKC');
}
