import type { GuardName, Sentence, Suggestion } from '../draft.ts';
import { fold, type GuardContext } from '../guards/context.ts';
import { isSupported } from '../guards/sources.ts';
import { render } from '../render.ts';
import { makeSafe } from '../suggest.ts';
import type { Reworded } from './answer-reader.ts';

/** A sentence of the draft in the model’s words. */
export interface Written extends Sentence {
  /** Which sentence of the reworded draft, from 0. */
  readonly number: number;
}

/**
 * A suggestion in a model’s words, sentence by sentence. Each takes the role and the sources of the sentence that it
 * rewords, must be supported by that one or by the passages, and passes the guards like everything else; where it does
 * not, the sentence of the draft stays. Computes only.
 */
export class Polishing {
  readonly #plain: Suggestion;
  readonly #guards: GuardContext;
  readonly #words = new Map<number, string>();
  readonly #withheld: GuardName[] = [];

  constructor(plain: Suggestion, guards: GuardContext) {
    this.#plain = plain;
    this.#guards = guards;
  }

  /** The guards that held back a sentence of the model, one entry each. */
  get withheld(): readonly GuardName[] {
    return this.#withheld;
  }

  /** The sentence as it may be shown; undefined where the draft’s own stays. */
  take({ draft, text }: Reworded): Written | undefined {
    const original = this.#plain.sentences[draft];
    if (original === undefined || this.#words.has(draft) || text.trim() === original.text) return undefined;
    const sentence = inOtherWords(original, text.trim());
    if (!this.#isFaithful(sentence, original)) return undefined;
    this.#words.set(draft, sentence.text);
    return { ...sentence, number: draft };
  }

  /** The whole suggestion; undefined when nothing of the model’s is left, or what is left is no reply. */
  finish(): Omit<Suggestion, 'expected_acceptance'> | undefined {
    if (this.#words.size === 0) return undefined;
    const sentences = this.#plain.sentences.map((sentence, at) => {
      const text = this.#words.get(at);
      return text === undefined ? sentence : inOtherWords(sentence, text);
    });
    const safe = this.#makeSafe(sentences, this.#guards);
    const own = new Set(this.#words.values());
    if (!safe?.sentences.some((sentence) => own.has(sentence.text))) return undefined;
    const text = render(safe.sentences, this.#plain.language, this.#plain.medium);
    return { ...this.#plain, ...safe, text, approach: 'polished' };
  }

  /** Whether it says what its own sentence says, with the same figures, and no guard has anything against it. */
  #isFaithful(sentence: Sentence, original: Sentence): boolean {
    const figures = (text: string) => (fold(text).match(/\d+(?:[.,:]\d+)*/gu) ?? []).toSorted().join(' ');
    const own = { ...this.#guards, supports: [original.text, ...passagesOf(original)] };
    const isSame = figures(sentence.text) === figures(original.text) && isSupported(fold(sentence.text), own.supports);
    if (!isSame) {
      this.#withheld.push('unsourced');
      return false;
    }
    return this.#makeSafe([{ ...sentence, role: 'acknowledge' }], own) !== undefined;
  }

  #makeSafe(sentences: readonly Sentence[], guards: GuardContext): ReturnType<typeof makeSafe> {
    const withheld: Parameters<typeof makeSafe>[2] = [];
    const safe = makeSafe(sentences, guards, withheld);
    this.#withheld.push(...withheld.map(({ finding }) => finding.guard));
    return safe;
  }
}

/** A sentence as a model says it: from the same sources, and no wording of a template any more. */
function inOtherWords(sentence: Sentence, text: string): Sentence {
  const sources = sentence.sources.map((source) => {
    if (source.kind !== 'template') return source;
    const { wording: _, ...template } = source;
    return template;
  });
  return { ...sentence, text, sources };
}

function passagesOf({ sources }: Sentence): string[] {
  return sources.flatMap((source) => (source.kind === 'article' || source.kind === 'reply' ? [source.passage] : []));
}
