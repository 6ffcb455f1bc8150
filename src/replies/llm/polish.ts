import type { Finding, Sentence, Suggestion } from '../draft.ts';
import { fold, type GuardContext } from '../guards/context.ts';
import { isSupported } from '../guards/sources.ts';
import { render } from '../render.ts';
import { makeSafe } from '../suggest.ts';
import type { Reworded } from './client.ts';

export interface Polished {
  readonly suggestion: Omit<Suggestion, 'expected_acceptance'>;
  readonly withheld: readonly { readonly text: string; readonly finding: Finding }[];
}

/**
 * A suggestion in a model’s words. Each sentence takes the role and the sources of the sentence that it rewords, must be
 * supported by that one or by the passages, and passes the guards like everything else; where it does not, the sentence
 * of the draft stays. Undefined when nothing of the model’s is left. Pure.
 */
export function polish(plain: Suggestion, reworded: Reworded, guards: GuardContext): Polished | undefined {
  const withheld: { text: string; finding: Finding }[] = [];
  const words = new Map<number, string>();
  for (const { draft, text } of reworded) {
    const original = plain.sentences[draft];
    if (original === undefined || words.has(draft) || text.trim() === original.text) continue;
    const sentence: Sentence = { ...original, text: text.trim() };
    if (isFaithful(sentence, original, guards, withheld)) words.set(draft, sentence.text);
  }
  if (words.size === 0) return undefined;
  const sentences = plain.sentences.map((sentence, at) => ({ ...sentence, text: words.get(at) ?? sentence.text }));
  const safe = makeSafe(sentences, guards, withheld);
  if (safe === undefined) return undefined;
  const text = render(safe.sentences, plain.language, plain.medium);
  return { suggestion: { ...plain, ...safe, text, approach: 'polished' }, withheld };
}

/** Whether it says what its own sentence says, with the same figures, and no guard has anything against it. */
function isFaithful(
  sentence: Sentence,
  original: Sentence,
  guards: GuardContext,
  withheld: { text: string; finding: Finding }[],
): boolean {
  const figures = (text: string) => (fold(text).match(/\d+(?:[.,:]\d+)*/gu) ?? []).toSorted().join(' ');
  const own = { ...guards, supports: [original.text, ...passagesOf(original)] };
  const isSame = figures(sentence.text) === figures(original.text) && isSupported(fold(sentence.text), own.supports);
  if (!isSame) {
    const reason = { zh: '改写与原句或文章不一致', en: 'The rewording says something else than its sentence' };
    withheld.push({
      text: sentence.text,
      finding: { guard: 'unsourced', sentence: null, quote: null, reason, blocks: true },
    });
    return false;
  }
  return makeSafe([{ ...sentence, role: 'acknowledge' }], own, withheld) !== undefined;
}

function passagesOf({ sources }: Sentence): string[] {
  return sources.flatMap((source) => (source.kind === 'article' || source.kind === 'reply' ? [source.passage] : []));
}
