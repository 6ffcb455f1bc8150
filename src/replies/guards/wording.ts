import type { Finding } from '../draft.ts';
import { finding, type Guard, type GuardContext, type Guarded } from './context.ts';
import { CHEERFUL, WORDINGS, type WordingRule } from './wordings.ts';

/** Says that it is not so, or that nobody knows. */
const NEGATION =
  /不(?!但|仅|过|久|妨|要紧|要担心|用担心|要着急|用着急|要怕|必担心|必着急)|没(?!问题|事|关系)|无法|未|别(?!担心|着急|怕)|勿|是否|能否|可否|如果|取决|凡是|骗局|\b(?:not(?! only| to worry)|n't(?! worry)|cannot|never(?! ?mind)|no(?! problem| worries| matter| need to worry| later than| doubt| question)|unable|whether|if|without|nobody|depends|avoid|rather than|part of the same)\b|n't\b(?! worry)/gu;
/** Says on what it depends, in an article or a template. */
const HEDGE = /可能|一旦|\b(?:may|might|once)\b/u;
/** Characters before the words within which a negation is about them. */
const NEAR = 14;
const TO_US = /我们|给我|发来|发给|回复|\b(?:us|me|reply|this chat)\b/u;
const COVERED = /遮住|遮盖|\bcover(?:ed|ing)?\b/u;
/** Asks to hide a card number, which is the opposite of asking for it. */
const HIDES_CARD =
  /卡号(?:请|要|需)?(?:遮|打码)[住挡盖]?|(?:遮住|遮挡|遮盖)[^。,;]{0,4}卡号|\bcard numbers? (?:covered|hidden)\b|\b(?:cover|hide)(?:ing)? (?:the|your) card numbers?\b/gu;
const SINGLE_LETTERS = /(?<![a-z])[a-z](?:[\s._\-*|/]{1,2}[a-z]){3,}(?![a-z])/gu;
const BETWEEN_HAN = /(?<=\p{Script=Han})[\s._\-*|/·~+]{1,3}(?=\p{Script=Han})/gu;
const EXCLAMATION = /[!！]/u;
const EMOJI = /\p{Extended_Pictographic}|[:;]-?[)D]|\^_?\^/u;

/** Words that no reply may say: promises, advice, liability, secrets, instructions of frauds, other customers, blame. */
export const wordingGuard: Guard = (guarded, context) => {
  const rules = context.tone === 'warm' ? WORDINGS : [...WORDINGS, ...CHEERFUL];
  const found = new Map<string, Finding>();
  for (const rule of rules) {
    const quote = findWords(rule, guarded);
    if (quote !== undefined && !found.has(rule.guard)) found.set(rule.guard, finding(rule.guard, guarded.at, quote));
  }
  return [...found.values(), ...signsGuard(guarded, context)];
};

function findWords({ guard, says, excusable }: WordingRule, { text, isApproved }: Guarded): string | undefined {
  // What people wrote may tell where to change a password; only handing it over is refused.
  if (isApproved && guard === 'secret_requested' && (!TO_US.test(text) || COVERED.test(text))) return undefined;
  for (const whole of variants(text)) {
    const variant = guard === 'secret_requested' ? whole.replace(HIDES_CARD, ' ') : whole;
    const pattern = new RegExp(says, 'gu');
    for (const match of variant.matchAll(pattern)) {
      if (!excusable || !isExcused(variant, match.index, match[0].length, isApproved)) return match[0];
    }
  }
  return undefined;
}

/** As it is, and without what was put between its letters to hide them. */
export function variants(text: string): string[] {
  const squeezed = text.replace(SINGLE_LETTERS, (letters) => letters.replace(/[^a-z]/gu, '')).replace(BETWEEN_HAN, '');
  return squeezed === text ? [text] : [text, squeezed];
}

/** Near by for what a machine wrote; anywhere in the sentence for what people wrote beforehand. */
function isExcused(text: string, start: number, length: number, isApproved: boolean): boolean {
  if (isApproved) return new RegExp(NEGATION).test(text) || HEDGE.test(text);
  const clause = text.slice(0, start).search(/[,，;；:：。.][^,，;；:：。.]*$/u) + 1;
  const before = text.slice(Math.max(clause, start - NEAR), start + length);
  return new RegExp(NEGATION).test(before);
}

function signsGuard({ sentence, at }: Guarded, { tone, isByPerson }: GuardContext): Finding[] {
  const isGrave = tone === 'grave' || tone === 'serious';
  if (tone === 'warm') return [];
  const sign = EMOJI.exec(sentence.text)?.[0] ?? EXCLAMATION.exec(sentence.text)?.[0];
  return sign === undefined ? [] : [finding('tone', at, sign, { blocks: isGrave || !isByPerson })];
}
