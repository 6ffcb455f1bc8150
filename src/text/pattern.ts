import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js';
import { toSimplified } from './opencc.ts';
import type { Place, UnitIndex } from './phrases.ts';

/** A regular expression of a user's own, on an engine whose time grows with the text and never with its square. */
export interface Pattern {
  readonly source: string;
  readonly flags: string;
  /** Instructions of the compiled program: the time per character grows with them. */
  readonly size: number;
  /** The first places in a normalised text, at most `MAX_MATCHES`, with the units that they touch. */
  findIn(text: string, index: UnitIndex): Place[];
}

export const MAX_PATTERN = 512;
/** Where a match is costs 0.07 s of 20 000 characters at this size, measured with `a.{0,80}b`. */
const MAX_SIZE = 200;
/** More are not shown, and a search goes over what is behind each of them again. */
const MAX_MATCHES = 8;
/** `s`: a dot stands for a line break too; `m`: `^` and `$` stand at line breaks. Texts are in small letters anyhow. */
const FLAGS: Readonly<Record<string, number>> = { i: 0, m: RE2JS.MULTILINE, s: RE2JS.DOTALL };

/** Constructs that no linear engine can match, by how they begin. */
const UNKNOWN: readonly (readonly [RegExp, string])[] = [
  [/\(\?<?[=!]/u, 'look-around ((?=…), (?!…), (?<=…), (?<!…))'],
  [/\\[1-9]|\\k</u, 'back references (\\1, \\k<name>)'],
  [/\(\?>|[*+?}]\+/u, 'possessive and atomic groups'],
];

/** @throws RangeError naming what is wrong with the expression, and what is accepted. */
export function parsePattern(source: string, flags = ''): Pattern {
  if (source.length > MAX_PATTERN)
    throw new RangeError(`an expression has at most ${MAX_PATTERN} characters, this one has ${source.length}`);
  const letters = [...flags];
  const unknown = letters.find((letter) => FLAGS[letter] === undefined);
  if (unknown !== undefined || new Set(letters).size < letters.length)
    throw new RangeError(`flags are letters of "ims", each once`);
  const bits = letters.reduce((sum, letter) => sum | (FLAGS[letter] ?? 0), RE2JS.CASE_INSENSITIVE);
  const regex = compile([...source].map(toSimplified).join(''), bits);
  const size = regex.programSize();
  if (size > MAX_SIZE)
    throw new RangeError(
      `the expression is too large: it compiles to ${size} instructions, at most ${MAX_SIZE} are accepted; shorten its counted repetitions`,
    );
  if (regex.matches('')) throw new RangeError('the expression fits the empty text, and so it would fit everywhere');
  return { source, flags, size, findIn: (text, index) => find(regex, text, index) };
}

function compile(source: string, bits: number): RE2JS {
  try {
    return RE2JS.compile(source, bits);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const construct = UNKNOWN.find(([begin]) => begin.test(source))?.[1];
    if (construct !== undefined)
      throw new RangeError(`${construct} cannot be matched in linear time; write it without`);
    const reason = error instanceof RE2JSSyntaxException ? error.getDescription() : error.message;
    throw new RangeError(`the expression cannot be read: ${reason}`);
  }
}

function find(regex: RE2JS, text: string, index: UnitIndex): Place[] {
  // The automaton says in 0.2 ms of 20 000 characters whether there is a match; where it is costs up to 70 ms.
  if (!regex.test(text)) return [];
  const matcher = regex.matcher(text);
  const places: Place[] = [];
  for (let found = 0; found < MAX_MATCHES && matcher.find(); found++) {
    const [start, end] = [matcher.start(), matcher.end()];
    if (end > start) places.push({ start, end, ...unitsIn(start, end, index), skipped: [] });
  }
  return places;
}

/** The units that a stretch of text touches; where it is between two, the one behind. */
function unitsIn(start: number, end: number, { units }: UnitIndex): Pick<Place, 'firstUnit' | 'endUnit'> {
  const firstUnit = countWhile(units.length, (at) => (units[at]?.end ?? 0) <= start);
  const endUnit = countWhile(units.length, (at) => (units[at]?.start ?? 0) < end);
  return { firstUnit, endUnit: Math.max(endUnit, Math.min(firstUnit + 1, units.length)) };
}

/** How many of the first places hold, where all that hold come before those that do not. */
function countWhile(length: number, holds: (at: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
