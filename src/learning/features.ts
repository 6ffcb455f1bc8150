import type { Cue, Word } from '../text/segment.ts';
import { RepeatedTerms } from './repeated-terms.ts';

/** What of a document the sparse features are made from. */
export interface FeatureSource {
  readonly normal: { readonly text: string };
  readonly words: readonly Word[];
  readonly cues: readonly Cue[];
}

/** What is read of a text apart from cues: those belong to one trade, and this is asked of texts about anything. */
export function withoutCues({ normal, words }: Pick<FeatureSource, 'normal' | 'words'>): FeatureSource {
  return { normal: { text: normal.text }, words, cues: [] };
}

/** A sparse vector: ascending indices and their values. */
export interface SparseVector {
  readonly indices: Int32Array;
  readonly values: Float32Array;
}

/**
 * The terms that count: `w:` words and pairs of words and `c:` character n-grams, weighted by TF-IDF, and `f:` cues and
 * signs of form, which are there or not. Plain data, so that it can be stored.
 */
export interface Vocabulary {
  readonly terms: readonly string[];
  readonly idf: Float32Array;
}

const CHAR_MIN = 2;
const CHAR_MAX = 4;
/** Characters of a text that n-grams are taken from; longer texts say enough by their words. */
const MAX_CHARS = 1_200;
const MAX_WORDS = 400;
/** Bounds of what is remembered of words: a megabyte or two. */
const MAX_KNOWN_WORDS = 10_000;
const MAX_KNOWN_LENGTH = 24;
/** Of more documents most terms are those of one alone, and to count each of them takes more memory than all else. */
const MANY_SOURCES = 20_000;
const SHORT_WORDS = 3;
const LONG_WORDS = 60;
/** Signs of form. Each pattern looks at the end of the text or for one sign, so it is linear. */
const FORMS = {
  ends_asking: /\?\s*$/u,
  ends_particle: /[吗呢么嘛][^\p{L}\p{N}]{0,4}$/u,
  exclaims: /!/u,
  asks_somewhere: /\?/u,
} as const;

export interface Term {
  readonly term: string;
  /** Where it stands in the normalised text. */
  readonly start: number;
  readonly end: number;
}

/** Cues and signs of form, words and pairs of words, then character n-grams. */
export function* termsOf(source: FeatureSource): Generator<Term> {
  yield* wholeTerms(source);
  for (const word of spelledWords(source)) {
    for (const term of characterTerms(word)) yield { term, start: word.start, end: word.end };
  }
}

/** The terms that are more than a part of a word. */
function* wholeTerms(source: FeatureSource): Generator<Term> {
  for (const { name, start, end } of source.cues) yield { term: `f:${name}`, start, end };
  yield* formTerms(source);
  yield* wordTerms(source.words.slice(0, MAX_WORDS));
}

/** The words that character n-grams are taken from. */
function spelledWords({ words }: FeatureSource): Word[] {
  const spelled: Word[] = [];
  let read = 0;
  for (const word of words.slice(0, MAX_WORDS)) {
    if (word.kind === 'number' || word.kind === 'mark') continue;
    read += word.form.length;
    if (read > MAX_CHARS) break;
    spelled.push(word);
  }
  return spelled;
}

function* formTerms({ normal: { text }, words }: FeatureSource): Generator<Term> {
  for (const [name, pattern] of Object.entries(FORMS)) {
    const match = pattern.exec(text);
    if (match) yield { term: `f:${name}`, start: match.index, end: match.index + match[0].length };
  }
  if (words.length <= SHORT_WORDS) yield { term: 'f:short', start: 0, end: text.length };
  if (words.length >= LONG_WORDS) yield { term: 'f:long', start: 0, end: text.length };
}

function* wordTerms(words: readonly Word[]): Generator<Term> {
  const forms = words.map((word) => (word.kind === 'number' ? '#' : word.term));
  for (const [index, word] of words.entries()) {
    yield { term: `w:${forms[index]}`, start: word.start, end: word.end };
    const next = words[index + 1];
    if (next) yield { term: `w:${forms[index]} ${forms[index + 1]}`, start: word.start, end: next.end };
  }
}

function characterTerms({ kind, form }: Pick<Word, 'kind' | 'form'>): string[] {
  const padded = kind === 'han' ? form : ` ${form} `;
  const terms: string[] = [];
  for (let length = CHAR_MIN; length <= CHAR_MAX; length++) {
    for (let at = 0; at + length <= padded.length; at++) terms.push(`c:${padded.slice(at, at + length)}`);
  }
  return terms;
}

/** Learns which terms occur in at least `minDocuments` of the sources, and how telling each is (smoothed IDF). */
export function fitVocabulary(sources: readonly FeatureSource[], minDocuments: number): Vocabulary {
  const frequency = new Map<string, number>();
  const repeated = sources.length > MANY_SOURCES && minDocuments > 1 ? findRepeated(sources) : undefined;
  for (const source of sources) {
    const seen = new Set<string>();
    for (const { term } of termsOf(source)) if (repeated?.has(term) !== false) seen.add(term);
    for (const term of seen) frequency.set(term, (frequency.get(term) ?? 0) + 1);
  }
  const terms = [...frequency.keys()].filter((term) => (frequency.get(term) ?? 0) >= minDocuments).sort();
  const idf = Float32Array.from(terms, (term) => Math.log((1 + sources.length) / (1 + (frequency.get(term) ?? 0))) + 1);
  return { terms, idf };
}

function findRepeated(sources: readonly FeatureSource[]): RepeatedTerms {
  const repeated = new RepeatedTerms();
  for (const source of sources) for (const { term } of termsOf(source)) repeated.add(term);
  return repeated;
}

/** What one cue counts beside a block of unit length; set by cross-validation on the seed examples. */
export const CUE_WEIGHT = 0.5;

/** Turns documents into sparse vectors; words and characters are two blocks of unit length each. */
export class Vectorizer {
  readonly #index: Map<string, number>;
  readonly #vocabulary: Vocabulary;
  /** Indices of a word's character n-grams: customers use the same few thousand words all the time. */
  readonly #characters = new Map<string, Int32Array>();

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
    this.#index = new Map(vocabulary.terms.map((term, index) => [term, index]));
  }

  transform(source: FeatureSource): SparseVector {
    const counts = new Map<number, number>();
    const count = (index: number) => counts.set(index, (counts.get(index) ?? 0) + 1);
    for (const { term } of wholeTerms(source)) {
      const index = this.#index.get(term);
      if (index !== undefined) count(index);
    }
    for (const word of spelledWords(source)) this.#charactersOf(word).forEach(count);
    const indices = Int32Array.from(counts.keys()).sort();
    const values = new Float32Array(indices.length);
    const squares = { c: 0, w: 0, f: 1 };
    indices.forEach((index, at) => {
      const block = this.#block(index);
      const value = block === 'f' ? 1 : (1 + Math.log(counts.get(index) ?? 1)) * (this.#vocabulary.idf[index] ?? 0);
      values[at] = value;
      if (block !== 'f') squares[block] += value * value;
    });
    const scale = { c: 1 / Math.sqrt(squares.c || 1), w: 1 / Math.sqrt(squares.w || 1), f: CUE_WEIGHT };
    indices.forEach((index, at) => {
      values[at] = (values[at] ?? 0) * scale[this.#block(index)];
    });
    return { indices, values };
  }

  #charactersOf(word: Word): Int32Array {
    // A Han word and a Latin one never share a form.
    const known = this.#characters.get(word.form);
    if (known) return known;
    const indices = characterTerms(word).flatMap((term) => this.#index.get(term) ?? []);
    const kept = Int32Array.from(indices);
    if (this.#characters.size >= MAX_KNOWN_WORDS) this.#characters.clear();
    if (word.form.length <= MAX_KNOWN_LENGTH) this.#characters.set(word.form, kept);
    return kept;
  }

  indexOf(term: string): number | undefined {
    return this.#index.get(term);
  }

  #block(index: number): 'c' | 'f' | 'w' {
    const letter = this.#vocabulary.terms[index]?.[0];
    return letter === 'c' || letter === 'f' ? letter : 'w';
  }
}

/** The mean of vectors: subtracting it spreads e5's cosines, which all lie between 0.7 and 1. */
export function meanVector(vectors: readonly Float32Array[], dimensions: number): Float32Array {
  const mean = new Float32Array(dimensions);
  for (const vector of vectors) {
    for (let at = 0; at < dimensions; at++) mean[at] = (mean[at] ?? 0) + (vector[at] ?? 0) / vectors.length;
  }
  return mean;
}

/** `vector - mean`, at unit length. */
export function center(
  vector: Float32Array,
  mean: Float32Array,
  centered = new Float32Array(vector.length),
): Float32Array {
  let square = 0;
  for (let at = 0; at < vector.length; at++) {
    const value = (vector[at] ?? 0) - (mean[at] ?? 0);
    centered[at] = value;
    square += value * value;
  }
  const scale = 1 / Math.sqrt(square || 1);
  for (let at = 0; at < centered.length; at++) centered[at] = (centered[at] ?? 0) * scale;
  return centered;
}
