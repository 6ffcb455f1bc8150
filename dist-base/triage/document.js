import { normalize } from '../text/normalize.js';
import { indexUnits } from '../text/phrases.js';
import { toSource } from '../text/tracked.js';
import { SENTENCE_ENDS, toUnits } from '../text/units.js';
import { detectLanguage } from './language.js';
import { redact } from './redact.js';
/** Reads a message. `language`, when the sender knows it, wins over detection. */
export function readDocument(segmenter, message) {
    const subject = message.subject ?? '';
    const original = subject === '' ? message.text : `${subject}\n${message.text}`;
    const { masked, redactions } = redact(original);
    const normal = normalize(masked);
    const units = toUnits(normal.text);
    const index = indexUnits(units, (unit) => SENTENCE_ENDS.has(unit.form));
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
/** The place in the original of a span of the normalised text. */
export function locate(document, span) {
    return locateOriginal(document, toSource(document.normal, span));
}
/** Splits a span of `original` into field and offset. One that crosses both is cut to where it begins. */
export function locateOriginal(document, span) {
    const { subjectLength } = document;
    if (subjectLength === 0)
        return { field: 'text', start: span.start, end: span.end };
    if (span.start <= subjectLength)
        return { field: 'subject', start: span.start, end: Math.min(span.end, subjectLength) };
    return { field: 'text', start: span.start - subjectLength - 1, end: span.end - subjectLength - 1 };
}
/** The masked subject and text, apart again. */
export function maskedFields(document) {
    if (document.subjectLength === 0)
        return { subject: '', text: document.masked.text };
    const cut = document.masked.origin.indexOf(document.subjectLength);
    return { subject: document.masked.text.slice(0, cut), text: document.masked.text.slice(cut + 1) };
}
//# sourceMappingURL=document.js.map