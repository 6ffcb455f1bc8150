import type { ReplyLanguage } from './template.ts';

/** A piece of an article that may answer a message, as retrieval gives it. */
export interface Passage {
  readonly articleId: string;
  readonly version: string;
  readonly language: string;
  readonly title: string;
  /** What the article is about, the main topic first. */
  readonly topics: readonly string[];
  /** Markdown: sentences, numbered steps and bullets under headings. */
  readonly text: string;
  /** Of retrieval; higher is nearer. Only comparable within one query. */
  readonly score: number;
  /** Whether it is near enough to be an answer. */
  readonly fits: boolean;
  /** `stale` may be quoted with a warning; the others may not. */
  readonly validity: 'current' | 'stale' | 'not_yet' | 'expired';
  /** Its sentences that another article contradicts, and how that says it, as far as is known. */
  readonly contradicts?: readonly { readonly own: string; readonly by: string }[];
}

export interface PassageQuery {
  /** Masked. */
  readonly text: string;
  /** Of `text`, as items are stored with. */
  readonly vector: Float32Array;
  readonly language: ReplyLanguage;
  readonly topics: readonly string[];
}

/** Finds passages for a message, the best first; those that do not fit are among them, for people to look at. */
export type Retrieve = (query: PassageQuery) => readonly Passage[] | Promise<readonly Passage[]>;

/** What a passage says, cut into sentences that can stand alone. */
export interface PassageParts {
  /** The sentences before the first heading: the answer. */
  readonly answer: readonly string[];
  readonly steps: readonly string[];
}

const STEP = /^\d{1,2}[.)、]\s*(.+)$/u;

/** Reads the answer and the numbered steps of a passage. */
export function readPassage({ text }: Pick<Passage, 'text'>): PassageParts {
  const answer: string[] = [];
  const steps: string[] = [];
  let isLead = true;
  for (const line of text.split('\n').map((raw) => raw.trim())) {
    if (line.startsWith('#')) {
      isLead = false;
      continue;
    }
    const step = STEP.exec(line)?.[1];
    if (step !== undefined) steps.push(step);
    else if (isLead && line !== '' && !/^[-*|>`]/u.test(line)) answer.push(...splitSentences(line));
  }
  return { answer, steps };
}

/** Sentences of a text, each with the sign that ends it. */
export function splitSentences(text: string): string[] {
  return text
    .split(/(?<=[。！？!?…][”」）"]?)(?=\S)|(?<=[.!?]["”)]?)\s+(?=[\p{Lu}\p{Script=Han}“"])|\n+/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}
