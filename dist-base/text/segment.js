import { Jieba } from '@node-rs/jieba';
import { dict } from '@node-rs/jieba/dict.js';
import { findPhrase } from './phrases.js';
/** Finds the words of a text (Chinese runs are cut by jieba with the trade's own dictionary) and its cues. */
export class Segmenter {
    #jieba;
    #cues;
    /** `dictionary`: words of the trade, one per entry, that jieba must keep whole. */
    constructor(dictionary, cues = []) {
        this.#jieba = Jieba.withDict(dict);
        this.#cues = cues;
        if (dictionary.length > 0) {
            this.#jieba.loadDict(Buffer.from(dictionary.map((word) => `${word} 100000 n`).join('\n')));
        }
    }
    /** Words of a text that `toUnits` has cut; stops are left out. */
    words(text, units) {
        const words = [];
        for (let index = 0; index < units.length; index++) {
            const unit = units[index];
            if (unit === undefined || unit.kind === 'stop')
                continue;
            if (unit.kind !== 'han') {
                words.push({ form: unit.form, term: unit.stem, kind: unit.kind, start: unit.start, end: unit.end });
                continue;
            }
            let last = index;
            while (units[last + 1]?.kind === 'han' && units[last + 1]?.start === units[last]?.end)
                last++;
            const end = units[last]?.end ?? unit.end;
            let start = unit.start;
            for (const form of this.#jieba.cut(text.slice(start, end))) {
                words.push({ form, term: form, kind: 'han', start, end: start + form.length });
                start += form.length;
            }
            index = last;
        }
        return words;
    }
    /** The first place of every cue that stands in the text. */
    cues(index) {
        return this.#cues.flatMap(({ name, phrases }) => {
            for (const phrase of phrases) {
                const [match] = findPhrase(phrase, index);
                if (match)
                    return [{ name, start: match.start, end: match.end }];
            }
            return [];
        });
    }
}
//# sourceMappingURL=segment.js.map