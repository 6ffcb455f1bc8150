import { normalize } from './normalize.js';
import { track } from './tracked.js';
import { SENTENCE_ENDS, toUnits } from './units.js';
const MAX_GAP = 30;
/** Stands for every number; no unit has it as its stem. */
const ANY_NUMBER = '#number';
/** @throws RangeError naming what is wrong with the notation. */
export function parsePhrase(source) {
    const elements = [];
    let gap = 0;
    for (const token of source.trim().split(/\s+/u)) {
        if (token.startsWith('~')) {
            const units = /^~\d{1,2}$/u.test(token) ? Number(token.slice(1)) : 0;
            if (units < 1 || units > MAX_GAP || elements.length === 0 || gap > 0)
                throw new RangeError(`"${source}": a gap is ~1 to ~${MAX_GAP} and follows an element`);
            gap = units;
            continue;
        }
        const optional = token.startsWith('?') && token.length > 1;
        elements.push({ alternatives: parseAlternatives(optional ? token.slice(1) : token, source), optional, gap });
        gap = 0;
    }
    const first = elements[0];
    if (first === undefined || first.optional || gap > 0)
        throw new RangeError(`"${source}": a phrase begins and ends with a word`);
    return { source, elements };
}
function parseAlternatives(token, source) {
    const alternatives = new Map();
    for (const part of token.split('|')) {
        const keys = parseAlternative(part, source);
        const begin = keys[0]?.stem ?? '';
        alternatives.set(begin, [...(alternatives.get(begin) ?? []), keys]);
    }
    return alternatives;
}
function parseAlternative(part, source) {
    if (part === '#')
        return [{ stem: ANY_NUMBER, form: undefined }];
    const exact = part.startsWith('=');
    const units = toUnits(normalize(track((exact ? part.slice(1) : part).replaceAll('_', ' '))).text);
    if (units.length === 0)
        throw new RangeError(`"${source}": an alternative is empty`);
    const end = units.find((unit) => SENTENCE_ENDS.has(unit.form));
    if (end)
        throw new RangeError(`"${source}": "${end.form}" ends a sentence, and no phrase goes on behind it`);
    return units.map((unit) => ({ stem: unit.stem, form: exact ? unit.form : undefined }));
}
export function indexUnits(units, isSentenceEnd) {
    const byStem = new Map();
    const sentenceEnd = new Int32Array(units.length);
    let end = units.length;
    for (let index = units.length - 1; index >= 0; index--) {
        const unit = units[index];
        if (unit === undefined)
            continue;
        if (unit.kind === 'stop' && isSentenceEnd(unit))
            end = index;
        sentenceEnd[index] = end;
    }
    const add = (key, index) => {
        const positions = byStem.get(key);
        if (positions)
            positions.push(index);
        else
            byStem.set(key, [index]);
    };
    units.forEach((unit, index) => {
        add(unit.stem, index);
        if (unit.kind === 'number')
            add(ANY_NUMBER, index);
    });
    return { units, byStem, sentenceEnd };
}
/** All places where the phrase stands, leftmost first, without overlaps. Linear in the text for a given phrase. */
export function findPhrase(phrase, index) {
    const first = phrase.elements[0];
    if (first === undefined)
        return [];
    const starts = [...first.alternatives.keys()].flatMap((stem) => index.byStem.get(stem) ?? []);
    if (starts.length === 0)
        return [];
    if (first.alternatives.size > 1)
        starts.sort((left, right) => left - right);
    const matches = [];
    let free = 0;
    for (const start of starts) {
        if (start < free)
            continue;
        const ending = matchFrom(phrase.elements, 0, start, index.sentenceEnd[start] ?? 0, index);
        if (ending === undefined)
            continue;
        const from = index.units[start];
        const to = index.units[ending.endUnit - 1];
        if (from === undefined || to === undefined)
            continue;
        matches.push({ phrase, firstUnit: start, ...ending, start: from.start, end: to.end });
        free = ending.endUnit;
    }
    return matches;
}
/** Where the elements from `at` on end when they start at `position`, or undefined. */
function matchFrom(elements, at, position, limit, index) {
    const element = elements[at];
    if (element === undefined)
        return { endUnit: position, skipped: [] };
    for (let gap = 0; gap <= element.gap && position + gap < limit; gap++) {
        const start = position + gap;
        for (const keys of candidates(element, index.units[start])) {
            if (!standsAt(keys, start, limit, index))
                continue;
            const ending = matchFrom(elements, at + 1, start + keys.length, limit, index);
            if (ending === undefined)
                continue;
            if (gap > 0)
                ending.skipped.unshift([position, start]);
            return ending;
        }
    }
    return element.optional ? matchFrom(elements, at + 1, position, limit, index) : undefined;
}
const NONE = [];
/** The alternatives that begin like this unit. */
function candidates(element, unit) {
    if (unit === undefined)
        return NONE;
    const byStem = element.alternatives.get(unit.stem) ?? NONE;
    if (unit.kind !== 'number')
        return byStem;
    return [...byStem, ...(element.alternatives.get(ANY_NUMBER) ?? NONE)];
}
function standsAt(keys, start, limit, index) {
    if (start + keys.length > limit)
        return false;
    return keys.every((key, offset) => {
        const unit = index.units[start + offset];
        if (unit === undefined)
            return false;
        if (key.stem === ANY_NUMBER)
            return unit.kind === 'number';
        return unit.stem === key.stem && (key.form === undefined || unit.form === key.form);
    });
}
//# sourceMappingURL=phrases.js.map