import type { Channel } from '../triage/facts.ts';
import type { Medium, ReplyLanguage } from './template.ts';

const MEDIUM_OF: Readonly<Record<Channel, Medium>> = {
  email: 'mail',
  survey: 'mail',
  focus_group: 'mail',
  other: 'mail',
  chat: 'chat',
  in_app: 'chat',
  social: 'social',
  forum: 'social',
  phone: 'phone',
};

/** The form of an answer to what came through a channel. */
export function mediumOf(channel: Channel): Medium {
  return MEDIUM_OF[channel];
}

/** Longest text of each medium, in characters: a screen of a chat, a post, two minutes of speech, a page of mail. */
const LIMITS: Readonly<Record<Medium, Readonly<Record<ReplyLanguage, number>>>> = {
  mail: { zh: 900, en: 2400 },
  chat: { zh: 420, en: 1100 },
  social: { zh: 180, en: 400 },
  phone: { zh: 450, en: 1200 },
};

export function limitOf(medium: Medium, language: ReplyLanguage): number {
  return LIMITS[medium][language];
}

/** Steps that a reader of each medium can follow. */
export const MAX_STEPS: Readonly<Record<Medium, number>> = { mail: 5, chat: 3, social: 0, phone: 3 };
