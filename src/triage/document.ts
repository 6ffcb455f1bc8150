import { normalize } from '../text/normalize.ts';
import { indexUnits, type UnitIndex } from '../text/phrases.ts';
import type { Cue, Segmenter, Word } from '../text/segment.ts';
import { endOfPiece, type Span, type TrackedText, toSource } from '../text/tracked.ts';
import { toUnits } from '../text/units.ts';
import { detectLanguage, type Language } from './language.ts';
import { type Redaction, redact } from './redact.ts';

/** Where something stands in what was sent: UTF-16 code units of that field. */
export interface Location extends Span {
  readonly field: 'subject' | 'text';
}

/** One message, read once: masked, normalised, cut into units and words. */
export interface Document {
  /** Subject and text joined by a line break, as the customer wrote them. */
  readonly original: string;
  readonly subjectLength: number;
  /** With personal data masked; this is what the encoder reads and the database keeps. */
  readonly masked: TrackedText;
  /** The masked text in the form that rules read, tracked to the original. */
  readonly normal: TrackedText;
  readonly index: UnitIndex;
  readonly words: readonly Word[];
  readonly cues: readonly Cue[];
  readonly language: Language;
  readonly redactions: readonly Redaction[];
}

/** Reads a message. `language`, when the sender knows it, wins over detection. */
export function readDocument(
  segmenter: Segmenter,
  message: { readonly text: string; readonly subject?: string | undefined; readonly language?: string | undefined },
): Document {
  const subject = message.subject ?? '';
  const original = subject === '' ? message.text : `${subject}\n${message.text}`;
  const { masked, redactions } = redact(original);
  const normal = normalize(masked);
  const units = toUnits(normal.text);
  const index = indexUnits(units);
  return {
    original,
    subjectLength: subject.length,
    masked,
    normal,
    index,
    words: segmenter.words(normal.text, units),
    cues: segmenter.cues(index),
    language: message.language ?? detectLanguage(normal.text, units),
    redactions,
  };
}

/** The masked words of a span of the normalised text, as the customer spelled them. */
export function quoteOf({ normal, masked }: Document, { start, end }: Span): string {
  const from = masked.origin.indexOf(normal.origin[start] ?? 0);
  const to = masked.origin.indexOf(normal.origin[endOfPiece(normal, end)] ?? 0);
  return masked.text.slice(from, to < from ? undefined : to);
}

/** The place in the original of a span of the normalised text. */
export function locate(document: Document, span: Span): Location {
  return locateOriginal(document, toSource(document.normal, span));
}

/** Splits a span of `original` into field and offset. One that crosses both is cut to where it begins. */
export function locateOriginal(document: Document, span: Span): Location {
  const { subjectLength } = document;
  if (subjectLength === 0) return { field: 'text', start: span.start, end: span.end };
  if (span.start <= subjectLength)
    return { field: 'subject', start: span.start, end: Math.min(span.end, subjectLength) };
  return { field: 'text', start: span.start - subjectLength - 1, end: span.end - subjectLength - 1 };
}

/** The masked subject and text, apart again. */
export function maskedFields(document: Document): { subject: string; text: string } {
  if (document.subjectLength === 0) return { subject: '', text: document.masked.text };
  const cut = document.masked.origin.indexOf(document.subjectLength);
  return { subject: document.masked.text.slice(0, cut), text: document.masked.text.slice(cut + 1) };
}
