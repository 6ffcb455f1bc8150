import type { Span } from '../text/tracked.ts';
import { type Block, type BlockKind, joinLines, readBlocks } from './markdown.ts';

/** A sentence, step or bullet that can be quoted alone. Offsets are UTF-16 code units of the body. */
export interface Sentence extends Span {
  readonly kind: Exclude<BlockKind, 'heading'>;
  readonly text: string;
}

/** A part of an article that the encoder reads at once: one section, or a part of a long one. */
export interface Chunk extends Span {
  readonly position: number;
  /** The heading that it stands under; empty before the first. */
  readonly heading: string;
  readonly text: string;
  readonly sentences: readonly Sentence[];
}

/**
 * Most that a chunk holds, by `weigh`. A Han character is at most one token of the encoder and two other characters
 * rarely more than one, so that with heading and title it stays below the 512 tokens of the encoder.
 */
const MAX_WEIGHT = 380;
const HAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;
/** A sentence ends behind these marks, a full stop of Latin text only before a blank; what a semicolon cuts off says little alone. */
const SENTENCE = /[^。！？!?]+?(?:[。！？]+["”’』」）)]*|[.!?]+["”’)]*(?=\s|$)|$)/gu;

/** Cuts a body at headings, then at steps, bullets and sentences where a section is too long. */
export function cutChunks(body: string): Chunk[] {
  const chunks: Chunk[] = [];
  let heading = '';
  let held: Sentence[] = [];
  let weight = 0;
  const close = () => {
    const [first, last] = [held[0], held.at(-1)];
    if (first && last) {
      const text = held.map((sentence) => sentence.text).join('\n');
      chunks.push({ position: chunks.length, heading, text, start: first.start, end: last.end, sentences: held });
    }
    held = [];
    weight = 0;
  };
  for (const block of readBlocks(body)) {
    if (block.kind === 'heading') {
      close();
      heading = block.text;
      continue;
    }
    for (const sentence of cutBlock(body, block)) {
      const more = weigh(sentence.text);
      if (weight + more > MAX_WEIGHT) close();
      held.push(sentence);
      weight += more;
    }
  }
  close();
  return chunks;
}

/** Steps and bullets stay whole unless they are longer than a chunk; paragraphs fall into sentences. */
function cutBlock(body: string, block: Block): Sentence[] {
  const kind = block.kind === 'heading' ? 'paragraph' : block.kind;
  if (kind !== 'paragraph' && weigh(block.text) <= MAX_WEIGHT)
    return [{ kind, text: block.text, start: block.start, end: block.end }];
  const sentences: Sentence[] = [];
  for (const match of body.slice(block.start, block.end).matchAll(SENTENCE)) {
    const start = block.start + match.index;
    for (const piece of cutLong(match[0], start)) if (piece.text !== '') sentences.push({ kind, ...piece });
  }
  return sentences;
}

function cutLong(source: string, start: number): (Span & { readonly text: string })[] {
  const pieces: (Span & { readonly text: string })[] = [];
  let from = 0;
  let weight = 0;
  let at = 0;
  for (const character of source) {
    const more = weigh(character);
    if (weight + more > MAX_WEIGHT) {
      pieces.push(trimmed(source, from, at, start));
      from = at;
      weight = 0;
    }
    weight += more;
    at += character.length;
  }
  pieces.push(trimmed(source, from, source.length, start));
  return pieces;
}

function trimmed(source: string, from: number, to: number, start: number) {
  const part = source.slice(from, to);
  const lead = part.length - part.trimStart().length;
  const text = part.trim();
  return {
    text: joinLines(text).replace(/\*\*|__|`/gu, ''),
    start: start + from + lead,
    end: start + from + lead + text.length,
  };
}

/** About how many tokens the encoder makes of a text, never fewer by much. */
export function weigh(text: string): number {
  const han = text.match(HAN)?.length ?? 0;
  return han + (text.length - han) / 2;
}
