import { type Composition, compose } from './compose.ts';
import type { Sentence } from './draft.ts';

/** What was sent to a customer with a similar matter, as far as it may be said again. */
export interface EarlierReply {
  readonly draftId: string;
  readonly language: string;
  readonly situation: string;
  /** Sentences that people wrote, redacted, without what was of that customer only. */
  readonly sentences: readonly string[];
  /** Cosine of the two messages, centred. */
  readonly similarity: number;
}

const MAX_SENTENCES = 4;

/** A reply that says what the best earlier one said, between the greeting and the closing of this situation. */
export function composeEarlier(composition: Composition, earlier: readonly EarlierReply[]): Sentence[][] {
  const { item, situation } = composition;
  const [best] = earlier
    .filter(({ language, situation: other }) => language === item.language && other === situation.situation)
    .toSorted((left, right) => right.similarity - left.similarity);
  const frame = best && compose(composition, 'brief');
  if (best === undefined || frame === undefined) return [];
  const own = new Set(frame.map(({ text }) => text));
  const added = best.sentences
    .filter((text) => !own.has(text))
    .slice(0, MAX_SENTENCES)
    .map(
      (text): Sentence => ({
        role: 'answer',
        text,
        sources: [{ kind: 'reply', draft_id: best.draftId, passage: text }],
      }),
    );
  if (added.length === 0) return [];
  const cut = frame.findIndex(
    ({ role }) => role === 'next' || role === 'need' || role === 'safety' || role === 'closing',
  );
  const at = cut < 0 ? frame.length : cut;
  return [[...frame.slice(0, at), ...added, ...frame.slice(at)]];
}
