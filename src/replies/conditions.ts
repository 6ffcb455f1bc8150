import type { ReplyItem } from './item.ts';
import type { Slots } from './slots.ts';
import type { ReplyCondition, Situation, Tone } from './template.ts';

/** Words, characters and numbers below which a message of no kind says nothing that can be answered. */
const WORDLESS_UNITS = 2;

/** What conditions are held against. */
export interface Known {
  readonly item: ReplyItem;
  readonly slots: Slots;
  readonly tone?: Tone | undefined;
}

/** Whether all of a condition holds. */
export function holds(when: ReplyCondition, { item, slots, tone }: Known): boolean {
  const flags = new Set(item.flags);
  return (
    (when.types?.includes(item.type) ?? true) &&
    (when.topics?.some((topic) => item.topics.includes(topic)) ?? true) &&
    (when.first_topic?.includes(item.topics[0] ?? '') ?? true) &&
    (when.flags?.some((flag) => flags.has(flag)) ?? true) &&
    !(when.without_flags?.some((flag) => flags.has(flag)) ?? false) &&
    (when.priorities?.includes(item.priority) ?? true) &&
    (when.media?.includes(item.medium) ?? true) &&
    (when.tones === undefined || (tone !== undefined && when.tones.includes(tone))) &&
    (when.knows?.every((slot) => slots.has(slot)) ?? true) &&
    !(when.lacks?.some((slot) => slots.has(slot)) ?? false) &&
    isSaid(when, item) &&
    isStanding(when, item) &&
    (when.wordless === undefined || when.wordless === item.units <= WORDLESS_UNITS) &&
    (when.positions === undefined || when.positions === item.openPositions)
  );
}

function isSaid({ says, unless_says }: ReplyCondition, item: ReplyItem): boolean {
  return (
    (says?.some((phrase) => item.says(phrase)) ?? true) && !(unless_says?.some((phrase) => item.says(phrase)) ?? false)
  );
}

/** Whether the conversation stands where it should. */
function isStanding({ repeated, follow_up, supplement }: ReplyCondition, item: ReplyItem): boolean {
  return (
    (repeated === undefined || repeated === item.priorContacts > 0) &&
    (follow_up === undefined || follow_up === item.isFollowUp) &&
    (supplement === undefined || supplement === item.isSupplement)
  );
}

/** The first situation, by their order, that an item is in; undefined where there is none for it. */
export function findSituation(situations: readonly Situation[], known: Known): Situation | undefined {
  return situations.toSorted((left, right) => left.order - right.order).find(({ when }) => holds(when, known));
}
