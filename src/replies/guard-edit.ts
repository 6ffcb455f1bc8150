import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import type { Finding, Sentence, Suggestion } from './draft.ts';
import { guardDraft } from './guards/guard.ts';
import { splitSentences } from './passage.ts';

/**
 * What guards have against a text that a person wrote in place of a suggestion. Sentences that were suggested are known.
 *
 * @throws AppError `invalid_input` with one entry per finding, and how to send it nevertheless
 */
export function guardEdit(
  { config }: Pick<Context, 'config'>,
  suggestion: Suggestion,
  text: string,
  flags: readonly string[],
): void {
  const findings = findInEdit(suggestion, text, flags, config.REPLY_LINK_HOSTS);
  if (findings.length === 0) return;
  throw new AppError('invalid_input', 'Guards warn of this text. Change it, or send it with `confirm`.', {
    errors: [
      ...findings.map(({ guard, quote, reason }) => ({
        pointer: '/text',
        // Personal data is told by its kind, never repeated.
        message: `${guard}: ${reason.en}${quote === null || guard === 'length' ? '' : ` (“${quote.slice(0, 80)}”)`}`,
      })),
      { pointer: '/confirm', message: 'must be true to send it as it is' },
    ],
  });
}

/** Pure: the findings, each with the number of the sentence of the edited text. */
export function findInEdit(
  { language, medium, tone, sentences }: Suggestion,
  text: string,
  flags: readonly string[],
  allowedHosts: readonly string[],
): Finding[] {
  const suggested = new Set(sentences.map((sentence) => sentence.text));
  const known = new Map(sentences.map((sentence) => [sentence.text, sentence]));
  const edited = withoutKnown(text, suggested).map(
    (part): Sentence => known.get(part) ?? { role: 'answer', text: part, sources: [{ kind: 'person', by: null }] },
  );
  return guardDraft(edited, {
    language,
    medium,
    tone,
    isCrisis: flags.includes('self_harm'),
    approved: suggested,
    supports: [...suggested],
    factTexts: [],
    others: [],
    allowedHosts,
    articles: new Map(),
    isByPerson: true,
  }).filter(({ guard }) => guard !== 'source_expired');
}

/** The sentences of a text; those that were suggested stay whole, whatever stands in them. */
function withoutKnown(text: string, known: ReadonlySet<string>): string[] {
  const [first] = [...known].filter((sentence) => text.includes(sentence));
  if (first === undefined) return splitSentences(text.replaceAll(/^\d+\. /gmu, ''));
  const at = text.indexOf(first);
  const rest = new Set([...known].filter((sentence) => sentence !== first));
  return [...withoutKnown(text.slice(0, at), rest), first, ...withoutKnown(text.slice(at + first.length), rest)];
}
