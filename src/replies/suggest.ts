import type { Bilingual } from '../triage/taxonomy.ts';
import { canTell } from './asked.ts';
import { approvedSentences, type Composition, compose } from './compose.ts';
import { findSituation } from './conditions.ts';
import type { Approach, Finding, Sentence, Suggestion } from './draft.ts';
import { composeEarlier, type EarlierReply } from './earlier.ts';
import type { GuardContext } from './guards/context.ts';
import { guardDraft } from './guards/guard.ts';
import type { ReplyItem } from './item.ts';
import type { Passage } from './passage.ts';
import { render } from './render.ts';
import { fillableSlots, type Slots } from './slots.ts';
import { COMMON, RECEIPT, type Role, type Situation } from './template.ts';

/** A type that the machine doubts this much is not answered as if it were sure; risk flags are. */
const MIN_CONFIDENCE = 0.55;
/** Probability of an article from which its being there says that it is a question after all. */
const SETTLES_FROM = 0.9;
/**
 * Probability from which an article is the whole answer to a question: a wrong one reaches the customer, so more is asked
 * than of a hint for people. Of questions to the shipped articles all wrong ones but one lay below, all right ones above.
 */
const ANSWERS_FROM = 0.62;
/**
 * Score by which a hint may lie behind the nearest article. A withdrawal over the wrong chain, taken for a deposit, has the
 * right article at 0.87 and that about deposits at 0.71; hints that were right were the nearest or within 0.02 of it.
 */
const FAR_BEHIND = 0.1;
const MAX_SUGGESTIONS = 3;
/** Two suggestions that share this much of their sentences are one. */
const SAME_SHARE = 0.85;
/** What a reply can do without, in the order in which it is left out when the text is too long. */
const EXPENDABLE: readonly Role[] = ['noted', 'safety', 'need', 'care', 'step', 'answer', 'closing', 'greeting'];

/** Why there is nothing to suggest. */
export const NONE_REASONS = {
  no_situation: { zh: '没有适合这条消息的回复模板', en: 'No template is for a message like this' },
  no_article: { zh: '知识库里没有能回答它的文章', en: 'No article answers it' },
  uncertain: {
    zh: '不能确定客户要什么，请人判断',
    en: 'It is not clear enough what the customer wants; a person should judge',
  },
  answered: {
    zh: '客户已得到答复，之后没有再来信',
    en: 'The customer was answered and has not written since',
  },
  content: { zh: '客户表示已经没有问题，不需要再回复', en: 'The customer says that all is well; no reply is needed' },
  guards: { zh: '所有草稿都没有通过安全检查', en: 'No draft passed the guards' },
} as const satisfies Readonly<Record<string, Bilingual>>;
export type NoneReason = keyof typeof NONE_REASONS;

export interface SuggestInput {
  readonly item: ReplyItem;
  readonly templates: readonly Situation[];
  /** As retrieval ordered them. */
  readonly passages: readonly Passage[];
  readonly earlier?: readonly EarlierReply[];
  /** Texts of other customers that must not show through. */
  readonly others?: readonly string[];
  readonly allowedHosts?: readonly string[];
  /** Why no reply is needed, where none is. */
  readonly unneeded?: NoneReason | undefined;
  /** Probability that an agent takes a suggestion. */
  expect(suggestion: Omit<Suggestion, 'expected_acceptance'>): number;
}

export interface Suggested {
  readonly situation: Situation | undefined;
  /** Best first, each of another kind. */
  readonly suggestions: readonly Suggestion[];
  readonly none: NoneReason | undefined;
  /** What guards held back, with the sentence as it was. */
  readonly withheld: readonly { readonly text: string; readonly finding: Finding }[];
  /** What guards know about this item, for whoever rewords a suggestion. */
  readonly guards: GuardContext | undefined;
}

/** Two or three different replies, guarded and ranked; none when nothing is good enough. Pure. */
export function suggest(input: SuggestInput): Suggested {
  const { item, templates } = input;
  const quoted = findQuoted(input.passages, item);
  const slots = withArticle(fillableSlots(item), quoted);
  const common = templates.find(({ situation }) => situation === COMMON);
  const found = findSituation(
    templates.filter(({ situation }) => situation !== COMMON && situation !== RECEIPT),
    { item, slots },
  );
  if (input.unneeded !== undefined) return nothing(input.unneeded, found);
  if (found === undefined || common === undefined) return nothing('no_situation');
  if (isDoubtful(item, quoted)) return nothing('uncertain', found);
  if (found.needs_article && quoted === undefined) return nothing('no_article', found);
  const composition = { item, slots, situation: found, common, passage: quoted };
  const guards = guardContextOf(composition, input);
  const plans: [Approach, Sentence[] | undefined][] = found.approaches.map((plan) => [
    plan,
    compose(composition, plan),
  ]);
  if (!found.alone) plans.push(...composeEarlier(composition, input.earlier ?? []).map(ofEarlier));
  const withheld: { text: string; finding: Finding }[] = [];
  const suggestions: Suggestion[] = [];
  for (const [approach, sentences] of plans) {
    const safe = sentences && makeSafe(sentences, guards, withheld);
    if (safe === undefined) continue;
    // What people wrote is never the same as a template, however much frames it.
    const isNew = approach === 'earlier' && safe.sentences.some(({ sources }) => sources[0]?.kind === 'reply');
    if (!isNew && suggestions.some((other) => isSame(other.sentences, safe.sentences))) continue;
    const draft = {
      approach,
      situation: found.situation,
      tone: found.tone,
      language: item.language,
      medium: item.medium,
      text: render(safe.sentences, item.language, item.medium),
      ...safe,
    };
    suggestions.push({ ...draft, expected_acceptance: input.expect(draft) });
  }
  const ranked = suggestions.toSorted((left, right) => right.expected_acceptance - left.expected_acceptance);
  const none = ranked.length === 0 ? 'guards' : undefined;
  return { situation: found, suggestions: ranked.slice(0, MAX_SUGGESTIONS), none, withheld, guards };
}

/** What customers want is doubtful where nothing but the type says it, and that is unsure. */
function isDoubtful({ type, flags, confidence }: ReplyItem, quoted: Passage | undefined): boolean {
  if (flags.length > 0 || confidence >= MIN_CONFIDENCE) return false;
  return type !== 'question' || quoted === undefined || quoted.score < SETTLES_FROM;
}

function nothing(none: NoneReason, situation?: Situation): Suggested {
  return { situation, suggestions: [], none, withheld: [], guards: undefined };
}

function ofEarlier(sentences: Sentence[]): [Approach, Sentence[]] {
  return ['earlier', sentences];
}

/** The passage to quote. Where the nearest cannot be it, those far behind it are about something else still. */
function findQuoted(passages: readonly Passage[], item: ReplyItem): Passage | undefined {
  const nearest = passages.find(({ fits, language }) => fits && language === item.language);
  const found = passages.find((passage) => isQuotable(passage, item));
  if (nearest === undefined || found === undefined) return undefined;
  if (item.type === 'question') return canTell(found, item.text) ? found : undefined;
  return nearest.score - found.score > FAR_BEHIND ? undefined : found;
}

/** An article about something else may resemble the words; what is quoted has to be about the same thing. */
function isQuotable({ fits, score, language, validity, topics }: Passage, item: ReplyItem): boolean {
  const isAnswer = item.type !== 'question' || score >= ANSWERS_FROM;
  return (
    fits &&
    isAnswer &&
    isOnTopic(topics, item) &&
    language === item.language &&
    (validity === 'current' || validity === 'stale')
  );
}

function isOnTopic(topics: readonly string[], item: ReplyItem): boolean {
  // Whoever is robbed gets no advice about forms, whatever the thief used.
  if (item.flags.includes('security_compromise') && topics.length > 0) return topics.includes('account_security');
  if (item.topics.length === 0 || topics.length === 0) return true;
  return item.type === 'question' ? topics.some((topic) => item.topics.includes(topic)) : topics[0] === item.topics[0];
}

function withArticle(slots: Slots, passage: Passage | undefined): Slots {
  return passage === undefined ? slots : new Map([...slots, ['article', { text: passage.title, sources: [] }]]);
}

function guardContextOf(composition: Composition, input: SuggestInput): GuardContext {
  const { item, situation, slots } = composition;
  const approved = approvedSentences(composition);
  return {
    language: item.language,
    medium: item.medium,
    tone: situation.tone,
    isCrisis: item.flags.includes('self_harm'),
    approved,
    supports: [
      ...approved,
      ...[...slots.values()].map(({ text }) => text),
      ...(input.earlier ?? []).flatMap(({ sentences }) => sentences),
    ],
    factTexts: item.facts.map(({ text }) => text),
    others: input.others ?? [],
    allowedHosts: input.allowedHosts ?? [],
    articles: new Map(
      input.passages.map(({ articleId, validity, contradicts = [] }) => [
        articleId,
        { validity, contradictions: contradicts },
      ]),
    ),
    isByPerson: false,
  };
}

/**
 * Leaves out what guards block, as long as a reply remains without it, and what makes it too long.
 *
 * @param withheld gets what was left out
 */
export function makeSafe(
  sentences: readonly Sentence[],
  guards: GuardContext,
  withheld: { text: string; finding: Finding }[],
): { sentences: Sentence[]; findings: Finding[] } | undefined {
  let kept = [...sentences];
  for (;;) {
    const findings = guardDraft(kept, guards);
    const blocking = findings.filter(({ blocks }) => blocks);
    if (blocking.length === 0) return { sentences: kept, findings };
    const [at, cause] = nextToLeaveOut(kept, blocking);
    const sentence = kept[at];
    if (sentence === undefined) {
      withheld.push(...blocking.map((finding) => ({ text: '', finding })));
      return undefined;
    }
    if (cause.guard !== 'length') withheld.push({ text: sentence.text, finding: cause });
    kept = kept.filter((_, index) => index !== at);
  }
}

/** The sentence to leave out and why; -1 when the reply is nothing without it. */
function nextToLeaveOut(sentences: readonly Sentence[], blocking: readonly Finding[]): [number, Finding] {
  const [first] = blocking;
  if (first === undefined) throw new RangeError('nothing is blocked');
  const named = blocking.find(({ sentence }) => sentence !== null);
  if (named !== undefined) {
    const role = sentences[named.sentence ?? -1]?.role;
    return [role !== undefined && EXPENDABLE.includes(role) ? (named.sentence ?? -1) : -1, named];
  }
  for (const role of EXPENDABLE) {
    const last = sentences.findLastIndex((sentence) => sentence.role === role);
    if (last >= 0) return [last, first];
  }
  return [-1, first];
}

function isSame(left: readonly Sentence[], right: readonly Sentence[]): boolean {
  const texts = new Set(left.map(({ text }) => text));
  const shared = right.filter(({ text }) => texts.has(text)).length;
  return shared / Math.max(left.length, right.length) >= SAME_SHARE;
}
