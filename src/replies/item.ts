import type { Phrase } from '../text/phrases.ts';
import type { Bilingual } from '../triage/taxonomy.ts';
import type { Fact } from './draft.ts';
import type { Medium, ReplyLanguage } from './template.ts';

/** What a reply is written from: the item as far as a reply may know it, all of it masked. */
export interface ReplyItem {
  readonly language: ReplyLanguage;
  readonly medium: Medium;
  readonly type: string;
  /** Of the type, 0 to 1. */
  readonly confidence: number;
  /** Most prominent first. */
  readonly topics: readonly string[];
  readonly flags: readonly string[];
  readonly priority: 'P1' | 'P2' | 'P3' | 'P4';
  readonly text: string;
  /** Words, characters and numbers that say something. */
  readonly units: number;
  /** Whether the message says it. */
  says(phrase: Phrase): boolean;
  readonly facts: readonly Fact[];
  /** What the customer was sent before, oldest first. */
  readonly told: readonly string[];
  /** Whether the customer wrote after an answer. */
  readonly isFollowUp: boolean;
  /** Whether they only add something to what was said. */
  readonly isSupplement: boolean;
  readonly team: Bilingual;
  /** Names of the topics, for customers. */
  readonly areas: readonly Bilingual[];
  readonly firstResponseDueAt: Date;
  readonly resolveDueAt: Date | null;
  readonly priorContacts: number;
  readonly openPositions: boolean;
  readonly now: Date;
  readonly timeZone: string;
}
