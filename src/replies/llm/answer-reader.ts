import { z } from 'zod';
import { storable } from '../../text/storable.ts';
import { ModelFailed } from './failures.ts';

/** Longest answer that is read, characters. */
export const MAX_ANSWER = 200_000;
const MAX_SENTENCES = 40;
const MAX_TEXT = 1_000;

const sentenceSchema = z.strictObject({
  draft: z.int().min(0),
  text: storable(z.string().min(1).max(MAX_TEXT)),
});
const answerSchema = z.strictObject({ sentences: z.array(sentenceSchema).min(1).max(MAX_SENTENCES) });

/** A sentence of a model, and which sentence of the draft it rewords. */
export type Reworded = Readonly<z.infer<typeof sentenceSchema>>;

/** How every answer of the agreed form begins. */
const HEAD = /^\s*\{\s*"sentences"\s*:\s*\[$/u;
const START = /^\s*(?:\{|$)/u;
/** Depth inside the list of sentences: the object, and the list in it. */
const IN_LIST = 2;

/**
 * Reads `{"sentences":[{"draft":0,"text":"…"}]}` as it grows, and gives each sentence when its last brace is there. A
 * scan that follows strings and nesting finds the ends; JSON.parse reads what lies between, and at the end the whole.
 */
export class AnswerReader {
  #text = '';
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #start = 0;

  /** Characters so far. */
  get length(): number {
    return this.#text.length;
  }

  /** @throws ModelFailed as soon as it cannot become an answer */
  read(piece: string): Reworded[] {
    const offset = this.#text.length;
    this.#text += piece;
    if (this.#text.length > MAX_ANSWER) throw new ModelFailed('too_long', `more than ${MAX_ANSWER} characters`);
    if (offset === 0 && !START.test(piece)) throw malformed();
    const found: Reworded[] = [];
    for (let at = 0; at < piece.length; at++) {
      const end = this.#step(piece.charAt(at), offset + at);
      if (end) found.push(parse(sentenceSchema, this.#text.slice(this.#start, offset + at + 1)));
    }
    return found;
  }

  /** @throws ModelFailed when the answer is not complete, or holds something else */
  end(): void {
    parse(answerSchema, this.#text);
  }

  /** Whether the character ends a sentence. */
  #step(character: string, at: number): boolean {
    if (this.#isInString) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (character === '\\') this.#isEscaped = true;
      else if (character === '"') this.#isInString = false;
      return false;
    }
    if (character === '"') this.#isInString = true;
    else if (character === '{' || character === '[') this.#open(at);
    else if (character === '}' || character === ']') {
      this.#depth -= 1;
      return character === '}' && this.#depth === IN_LIST;
    }
    return false;
  }

  #open(at: number): void {
    if (this.#depth === IN_LIST) this.#start = at;
    this.#depth += 1;
    if (this.#depth === IN_LIST && !HEAD.test(this.#text.slice(0, at + 1))) throw malformed();
  }
}

function parse<T>(schema: z.ZodType<T>, text: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw malformed(error);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw malformed();
  return parsed.data;
}

function malformed(cause?: unknown): ModelFailed {
  return new ModelFailed('nonsense', 'not of the agreed form', cause);
}
