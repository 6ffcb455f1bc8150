import { stem } from './stem.js';
const LETTER = String.raw `(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}])[\p{L}\p{M}_])`;
const PATTERN = new RegExp([
    String.raw `(?<mask>\[[A-Z_]+\])`,
    String.raw `(?<han>[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}])`,
    String.raw `(?<number>\d+(?:[.,]\d+)*)`,
    `(?<word>${LETTER}+(?:'${LETTER}+)*)`,
    String.raw `(?<stop>[.!?;:,\n\u3002\u3001\u2026\uFF0C]|--+)`,
    String.raw `(?<mark>[^\s\p{Cc}])`,
].join('|'), 'giu');
/** Signs after which a new sentence begins; the other stops only end a clause. */
export const SENTENCE_ENDS = new Set(['.', '!', '?', ';', '。', '\n', '…']);
/** Cuts normalised text into units, in one pass. */
export function toUnits(text) {
    const units = [];
    for (const match of text.matchAll(PATTERN)) {
        const groups = match.groups ?? {};
        const start = match.index;
        const end = start + match[0].length;
        if (groups.word !== undefined) {
            const form = groups.word.replaceAll("'", '');
            units.push({ kind: 'word', form, stem: stem(form), start, end });
        }
        else {
            const kind = groups.han ? 'han' : groups.number ? 'number' : groups.stop ? 'stop' : 'mark';
            units.push({ kind, form: match[0], stem: match[0], start, end });
        }
    }
    return units;
}
//# sourceMappingURL=units.js.map