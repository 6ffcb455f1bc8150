import { normalize } from '../text/normalize.ts';
import { replaceSpans, type Span, type TrackedText, toSource, track } from '../text/tracked.ts';
import { DETECTORS, type RedactionKind } from './redact-kinds.ts';

/** Personal data found. Offsets are UTF-16 code units of the original text. */
export interface Redaction extends Span {
  readonly kind: RedactionKind;
}

export interface Redacted {
  /** The text with `[EMAIL]`, `[PHONE]` … in place of personal data, tracked back to the original. */
  readonly masked: TrackedText;
  readonly redactions: readonly Redaction[];
}

const CONTEXT = 40;

/** Finds personal data and masks it. Detectors are tried in order: the first to claim a span keeps it. */
export function redact(original: string): Redacted {
  const folded = normalize(track(original));
  const found: Redaction[] = [];
  for (const { kind, pattern, isValid } of DETECTORS) {
    for (const match of folded.text.matchAll(pattern)) {
      const span = toSource(folded, { start: match.index, end: match.index + match[0].length });
      if (found.some((other) => span.start < other.end && other.start < span.end)) continue;
      const spelled = kind === 'wallet' ? original.slice(span.start, span.end).normalize('NFKC') : match[0];
      const before = folded.text.slice(Math.max(0, match.index - CONTEXT), match.index);
      if (isValid(spelled, before)) found.push({ kind, ...span });
    }
  }
  found.sort((left, right) => left.start - right.start);
  const masks = found.map((redaction) => ({ ...redaction, replacement: `[${redaction.kind.toUpperCase()}]` }));
  return { masked: replaceSpans(track(original), masks), redactions: found };
}
