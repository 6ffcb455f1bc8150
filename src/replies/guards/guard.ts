import type { Finding, Sentence } from '../draft.ts';
import { limitOf } from '../medium.ts';
import { render } from '../render.ts';
import { foreignGuard, languageGuard, linkGuard, markupGuard, personalGuard } from './content.ts';
import { finding, fold, type Guard, type GuardContext } from './context.ts';
import { crisisGuard, figureGuard, sourceGuard, validityGuard } from './sources.ts';
import { wordingGuard } from './wording.ts';

const GUARDS: readonly Guard[] = [
  wordingGuard,
  personalGuard,
  foreignGuard,
  linkGuard,
  languageGuard,
  markupGuard,
  figureGuard,
  sourceGuard,
  validityGuard,
  crisisGuard,
];

/**
 * What all guards have against a draft, each finding with its sentence. Pure: it knows neither who asked for the draft
 * nor who wrote it, so that a model that obeys whatever a customer writes changes nothing.
 */
export function guardDraft(sentences: readonly Sentence[], context: GuardContext): Finding[] {
  const findings = sentences.flatMap((sentence, at) => {
    const text = fold(sentence.text);
    const guarded = { sentence, at, text, isApproved: context.approved.has(sentence.text) };
    return GUARDS.flatMap((guard) => guard(guarded, context));
  });
  const { length } = render(sentences, context.language, context.medium);
  const limit = limitOf(context.medium, context.language);
  if (length > limit) findings.push(finding('length', null, `${length} > ${limit}`));
  return findings;
}
