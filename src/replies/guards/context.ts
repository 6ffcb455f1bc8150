import { normalize } from '../../text/normalize.ts';
import { track } from '../../text/tracked.ts';
import type { Finding, GuardName, Sentence } from '../draft.ts';
import type { Medium, ReplyLanguage, Tone } from '../template.ts';
import { REASONS } from './reasons.ts';

/** What a source of sentences is worth at the moment; by the id of the article. */
export interface SourceState {
  readonly validity: 'current' | 'stale' | 'not_yet' | 'expired';
  readonly contradictions: readonly { readonly own: string; readonly by: string }[];
}

/** What guards hold a draft against. */
export interface GuardContext {
  readonly language: ReplyLanguage;
  readonly medium: Medium;
  readonly tone: Tone;
  /** Whether the item hints of self-harm. */
  readonly isCrisis: boolean;
  /** Sentences that people wrote beforehand: filled templates and quotable passages. */
  readonly approved: ReadonlySet<string>;
  /** Texts whose figures and words a draft may repeat: facts, moments, passages, templates, earlier replies. */
  readonly supports: readonly string[];
  /** What the customer named, which may be in any language. */
  readonly factTexts: readonly string[];
  /** Texts of other customers that must not show through. */
  readonly others: readonly string[];
  /** Hosts that links may lead to, lower case; their subdomains too. */
  readonly allowedHosts: readonly string[];
  readonly articles: ReadonlyMap<string, SourceState>;
  /** Whether a person wrote it, who is a source of their own. */
  readonly isByPerson: boolean;
}

/** One sentence as guards read it. */
export interface Guarded {
  readonly sentence: Sentence;
  readonly at: number;
  /** Folded, lower case, invisible characters gone. */
  readonly text: string;
  /** Word for word what people wrote beforehand. */
  readonly isApproved: boolean;
}

export type Guard = (guarded: Guarded, context: GuardContext) => Finding[];

export function fold(text: string): string {
  return normalize(track(text)).text;
}

export function finding(
  guard: GuardName,
  at: number | null,
  quote: string | null,
  { blocks = true, about }: { blocks?: boolean; about?: keyof typeof REASONS } = {},
): Finding {
  return { guard, sentence: at, quote, reason: REASONS[about ?? guard], blocks };
}
