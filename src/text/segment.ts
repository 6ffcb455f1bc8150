import { Jieba } from '@node-rs/jieba';
import { dict } from '@node-rs/jieba/dict.js';
import { PhraseTable } from './phrase-table.ts';
import type { Phrase, UnitIndex } from './phrases.ts';
import type { Unit } from './units.ts';

/** A word of either language, for features and phrases that people read. Offsets are into the normalised text. */
export interface Word {
  readonly form: string;
  /** The stem of a Latin word, the word itself in Chinese. */
  readonly term: string;
  readonly kind: 'han' | 'word' | 'number' | 'mark';
  readonly start: number;
  readonly end: number;
}

/** Something that people do with words: ask, wish, blame, thank. Found by phrases, used as a feature. */
export interface CueRule {
  readonly name: string;
  readonly phrases: readonly Phrase[];
}

/** A cue in a text. Offsets are into the normalised text. */
export interface Cue {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Finds the words of a text (Chinese runs are cut by jieba with the trade's own dictionary) and its cues. */
export class Segmenter {
  readonly #jieba: Jieba;
  readonly #cues: readonly CueRule[];
  readonly #cuePhrases: PhraseTable;

  /** `dictionary`: words of the trade, one per entry, that jieba must keep whole. */
  constructor(dictionary: readonly string[], cues: readonly CueRule[] = []) {
    this.#jieba = Jieba.withDict(dict);
    this.#cues = cues;
    this.#cuePhrases = new PhraseTable(cues.flatMap(({ phrases }) => phrases));
    if (dictionary.length > 0) {
      this.#jieba.loadDict(Buffer.from(dictionary.map((word) => `${word} 100000 n`).join('\n')));
    }
  }

  /** Words of a text that `toUnits` has cut; stops are left out. */
  words(text: string, units: readonly Unit[]): Word[] {
    const words: Word[] = [];
    for (let index = 0; index < units.length; index++) {
      const unit = units[index];
      if (unit === undefined || unit.kind === 'stop') continue;
      if (unit.kind !== 'han') {
        words.push({ form: unit.form, term: unit.stem, kind: unit.kind, start: unit.start, end: unit.end });
        continue;
      }
      let last = index;
      while (units[last + 1]?.kind === 'han' && units[last + 1]?.start === units[last]?.end) last++;
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
  cues(index: UnitIndex): Cue[] {
    const found = this.#cuePhrases.findAll(index);
    if (found.size === 0) return [];
    return this.#cues.flatMap(({ name, phrases }) => {
      for (const phrase of phrases) {
        const match = found.get(phrase)?.[0];
        if (match) return [{ name, start: match.start, end: match.end }];
      }
      return [];
    });
  }
}
