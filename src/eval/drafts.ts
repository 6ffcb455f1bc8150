import type { Engine } from '../context.ts';
import { classify } from '../feedback/classify.ts';
import type { FeedbackRequest } from '../intake/request.ts';
import type { Retrieve } from '../replies/passage.ts';
import { expectAcceptance, featuresOf } from '../replies/rank.ts';
import { readReplyItem } from '../replies/read-item.ts';
import { type Suggested, suggest } from '../replies/suggest.ts';
import { mainLanguageOf } from '../text/main-language.ts';
import { toUnits } from '../text/units.ts';
import { detectLanguage } from '../triage/language.ts';

/** What is drafted for one message. */
export interface DraftedItem {
  readonly id: string;
  readonly text: string;
  readonly language: string;
  readonly type: string;
  readonly confidence: number | null;
  readonly priority: string;
  readonly risk_flags: readonly string[];
  readonly situation: string | null;
  readonly none: string | null;
  readonly drafts: readonly Pick<
    Suggested['suggestions'][number],
    'approach' | 'medium' | 'language' | 'text' | 'sentences' | 'findings' | 'expected_acceptance'
  >[];
  readonly withheld: Suggested['withheld'];
  readonly articles: readonly { readonly title: string; readonly score: number; readonly fits: boolean }[];
}

export interface DraftEvaluation {
  readonly items: number;
  /** Share of messages with a suggestion; advertising and unanswered questions rightly have none. */
  readonly with_draft: number;
  /** Share of sentences that name a source. */
  readonly cited: number;
  /** How often each guard fired, blocking or not. */
  readonly guard_hits: Readonly<Record<string, number>>;
  /** Share of drafts in the language that the customer should be answered in. */
  readonly language_match: number;
  /** Mean length of a sentence: words in English, characters in Chinese. */
  readonly sentence_length: Readonly<Record<'zh' | 'en', number>>;
  readonly drafted: readonly DraftedItem[];
}

/** The fixed moment of drafting, so that deadlines in the drafts are the same on every day. */
const NOW = new Date('2026-11-23T02:00:00Z');

/** Drafts replies to messages as if they had just come, and measures them. */
export async function evaluateDrafts(
  engine: Engine,
  requests: readonly FeedbackRequest[],
  retrieve: Retrieve,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?(done: number, total: number): void } = {},
): Promise<DraftEvaluation> {
  const drafted: DraftedItem[] = [];
  for (const [at, request] of requests.entries()) {
    drafted.push(await draftOne({ ...engine, now: () => NOW }, request, String(at + 1), retrieve, signal));
    onProgress?.(at + 1, requests.length);
  }
  return { ...measure(drafted), drafted };
}

async function draftOne(
  engine: Engine,
  request: FeedbackRequest,
  id: string,
  retrieve: Retrieve,
  signal: AbortSignal | undefined,
): Promise<DraftedItem> {
  const { decision, document, embedding } = await classify(engine, request, { signal });
  const { first_response_at, resolve_at } = decision.deadlines;
  const item = readReplyItem(engine.policy, {
    documents: [document],
    decision,
    queue: decision.queue,
    firstResponseDueAt: new Date(first_response_at),
    resolveDueAt: resolve_at === null ? null : new Date(resolve_at),
    channel: request.channel ?? 'other',
    customer: request.customer ?? {},
    now: engine.now(),
    timeZone: engine.config.TIME_ZONE,
  });
  const { language, topics, text } = item;
  const passages = await retrieve({ text, vector: embedding.vector, language, topics });
  const { suggestions, situation, none, withheld } = suggest({
    item,
    templates: engine.policy.replies,
    passages,
    expect: (draft) => expectAcceptance(new Map(), draft.approach, featuresOf(draft)),
  });
  return {
    id: request.external_id ?? id,
    text,
    language: decision.language,
    type: decision.type.key,
    confidence: decision.type.confidence,
    priority: decision.priority,
    risk_flags: decision.risk_flags,
    situation: situation?.situation ?? null,
    none: none ?? null,
    drafts: suggestions,
    withheld,
    articles: passages.map(({ title, score, fits }) => ({ title, score, fits })),
  };
}

function measure(items: readonly DraftedItem[]): Omit<DraftEvaluation, 'drafted'> {
  const drafts = items.flatMap((item) => item.drafts.map((draft) => ({ item, ...draft })));
  const sentences = drafts.flatMap((draft) => draft.sentences);
  const hits: Record<string, number> = {};
  for (const { guard } of [
    ...drafts.flatMap(({ findings }) => findings),
    ...items.flatMap(({ withheld }) => withheld.map(({ finding }) => finding)),
  ])
    hits[guard] = (hits[guard] ?? 0) + 1;
  const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  const isRight = ({ item, text, language }: (typeof drafts)[number]) =>
    language === mainLanguageOf(item.language) &&
    ['mixed', language].includes(detectLanguage(text, toUnits(text.toLowerCase())));
  return {
    items: items.length,
    with_draft: share(items.filter((item) => item.drafts.length > 0).length, items.length),
    cited: share(sentences.filter(({ sources }) => sources.length > 0).length, sentences.length),
    guard_hits: hits,
    language_match: share(drafts.filter(isRight).length, drafts.length),
    sentence_length: { zh: meanLength(drafts, 'zh'), en: meanLength(drafts, 'en') },
  };
}

function meanLength(drafts: readonly DraftedItem['drafts'][number][], language: 'zh' | 'en'): number {
  const texts = drafts.filter((draft) => draft.language === language).flatMap((draft) => draft.sentences);
  const lengths = texts.map(({ text }) => (language === 'zh' ? text.length : text.split(/\s+/u).length));
  return lengths.length === 0 ? 0 : lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
}
