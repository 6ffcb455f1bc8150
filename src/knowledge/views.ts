import type { EmbeddingKind } from '../embedding/encoder.ts';
import { type Chunk, cutChunks } from './chunks.ts';

/**
 * What of an article the encoder reads: the title as a question and as a text, each chunk below its title, and the
 * sentences of its paragraphs as questions, because there stands what customers say and when it applies.
 */
export const VIEW_KINDS = ['title_question', 'title', 'chunk', 'sentence'] as const;
export type ViewKind = (typeof VIEW_KINDS)[number];

/** Sentences of a long article that are read one by one: what it is about stands at its beginning. */
const MAX_SENTENCES = 64;

export interface View {
  readonly kind: ViewKind;
  /** Of the chunk or the sentence; 0 for the titles. */
  readonly position: number;
  readonly text: string;
  readonly embedding: EmbeddingKind;
}

/** The texts whose vectors a retriever needs of an article. */
export function viewsOf(
  { title, body }: { readonly title: string; readonly body: string },
  chunks = cutChunks(body),
): View[] {
  return [
    { kind: 'title_question', position: 0, text: title, embedding: 'query' },
    { kind: 'title', position: 0, text: title, embedding: 'passage' },
    ...chunks.map(
      ({ position, text }: Chunk): View => ({
        kind: 'chunk',
        position,
        text: `${title}\n${text}`,
        embedding: 'passage',
      }),
    ),
    ...paragraphSentences(chunks).map(
      (text, position): View => ({ kind: 'sentence', position, text, embedding: 'query' }),
    ),
  ];
}

/** Steps and bullets are left out: singly they say little about the question, and there are four times as many. */
function paragraphSentences(chunks: readonly Chunk[]): string[] {
  const sentences = chunks.flatMap((chunk) => chunk.sentences);
  return sentences
    .filter(({ kind }) => kind === 'paragraph')
    .slice(0, MAX_SENTENCES)
    .map(({ text }) => text);
}

/** Vectors of an article's views. */
export interface ViewVectors {
  readonly titleQuestion: Float32Array;
  readonly title: Float32Array;
  /** One per chunk, in their order. */
  readonly chunks: readonly Float32Array[];
  /** None where it has no paragraph. */
  readonly sentences: readonly Float32Array[];
}

/** @throws RangeError when a vector is missing, which would be a fault of who stored them */
export function collectVectors(
  found: readonly { readonly kind: string; readonly position: number; readonly vector: Float32Array }[],
): ViewVectors {
  const of = (kind: ViewKind) =>
    found
      .filter((one) => one.kind === kind)
      .sort((left, right) => left.position - right.position)
      .map(({ vector }) => vector);
  const [titleQuestion] = of('title_question');
  const [title] = of('title');
  if (titleQuestion === undefined || title === undefined) throw new RangeError('an article lacks vectors of its title');
  return { titleQuestion, title, chunks: of('chunk'), sentences: of('sentence') };
}
