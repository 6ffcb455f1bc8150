import { holds, type Known } from './conditions.ts';
import type { Sentence, Source } from './draft.ts';
import type { ReplyItem } from './item.ts';
import { MAX_STEPS } from './medium.ts';
import { type Passage, readPassage } from './passage.ts';
import { fillWording, type Slots } from './slots.ts';
import type { Medium, Plan, Role, SentenceTemplate, Situation } from './template.ts';

/** Roles of each plan in the order of speaking, with how many sentences of each. */
const PLAN_ROLES: Readonly<Record<Plan, readonly (readonly [Role, number])[]>> = {
  full: [
    ['greeting', 1],
    ['acknowledge', 1],
    ['care', 2],
    ['answer', 3],
    ['noted', 1],
    ['steps_intro', 1],
    ['step', 5],
    ['next', 2],
    ['need', 1],
    ['safety', 1],
    ['closing', 1],
  ],
  brief: [
    ['greeting', 1],
    ['acknowledge', 1],
    ['answer', 2],
    ['next', 1],
    ['need', 1],
    ['safety', 1],
    ['closing', 1],
  ],
  steps: [
    ['greeting', 1],
    ['acknowledge', 1],
    ['steps_intro', 1],
    ['step', 5],
    ['safety', 1],
    ['next', 1],
    ['need', 1],
    ['closing', 1],
  ],
};
/** Said once in a conversation. */
const ONCE: readonly Role[] = ['care', 'noted', 'step', 'need', 'safety'];
/** Each plan takes another wording where there are several, so that suggestions read differently. */
const WORDING_OF: Readonly<Record<Plan, number>> = { full: 0, brief: 1, steps: 2 };

export interface Composition {
  readonly item: ReplyItem;
  readonly slots: Slots;
  readonly situation: Situation;
  readonly common: Situation;
  /** The one that is quoted. */
  readonly passage: Passage | undefined;
}

/** The sentences of one plan, each with its sources; undefined when the situation has no such reply to offer. */
export function compose(composition: Composition, plan: Plan): Sentence[] | undefined {
  const { item, situation, passage } = composition;
  const parts = passage === undefined || !situation.articles ? undefined : readParts(passage, composition);
  const sentences: Sentence[] = [];
  for (const [role, most] of PLAN_ROLES[plan]) {
    const limit = limitFor(role, most, item.medium);
    const quoted = parts && passage ? quoteFor(role, parts, passage, situation) : [];
    const found = quoted.length > 0 ? quoted : listFor(composition, role, plan, parts !== undefined);
    sentences.push(...found.filter((sentence) => !wasTold(sentence, item.told)).slice(0, limit));
  }
  const withoutIntro = sentences.some(({ role }) => role === 'step')
    ? sentences
    : sentences.filter(({ role }) => role !== 'steps_intro');
  const has = (role: Role) => withoutIntro.some((sentence) => sentence.role === role);
  if (!has('acknowledge')) return undefined;
  if (situation.needs_article && !has('answer') && !has('step')) return undefined;
  return plan === 'steps' && !has('step') ? undefined : withoutIntro;
}

/** An article as it is quoted here: to whoever has tried it all already without its steps. */
function readParts(passage: Passage, { item, situation }: Composition): ReturnType<typeof readPassage> {
  const parts = readPassage(passage);
  const hasTried = situation.no_steps_if_says?.some((phrase) => item.says(phrase)) ?? false;
  return hasTried ? { ...parts, steps: [] } : parts;
}

/** What the customer was asked or told to do already is not said again. */
function wasTold({ role, text }: Sentence, told: readonly string[]): boolean {
  return ONCE.includes(role) && told.some((reply) => reply.includes(text));
}

function limitFor(role: Role, most: number, medium: Medium): number {
  if (role === 'step') return Math.min(most, MAX_STEPS[medium]);
  return most;
}

function quoteFor(
  role: Role,
  { answer, steps }: ReturnType<typeof readPassage>,
  passage: Passage,
  situation: Situation,
): Sentence[] {
  const texts = role === 'step' ? steps : role === 'answer' && situation.needs_article ? answer : [];
  return texts.map((text) => ({ role, text, sources: [sourceOf(passage, text)] }));
}

function sourceOf({ articleId, version, language, title }: Passage, passage: string): Source {
  return { kind: 'article', id: articleId, version, language, title, passage };
}

/** Sentences of a role that fit, those of the situation before the common ones. */
function listFor(
  { item, slots, situation, common }: Composition,
  role: Role,
  plan: Plan,
  isQuoting: boolean,
): Sentence[] {
  const known: Known = { item, slots, tone: situation.tone };
  const files = situation.alone ? [situation] : [situation, common];
  // Steps of a template stand together: those of the situation or the common ones, never a mixture.
  if (role === 'steps_intro' && isQuoting) return files.flatMap((file) => fitting(file, role, plan, known));
  for (const file of files) {
    const found = fitting(file, role, plan, known);
    if (found.length > 0) return role === 'care' ? files.flatMap((each) => fitting(each, role, plan, known)) : found;
  }
  return [];
}

function fitting(file: Situation, role: Role, plan: Plan, known: Known): Sentence[] {
  return file.sentences
    .filter((sentence) => sentence.role === role && holds(sentence.when, known))
    .flatMap((sentence) => say(sentence, file.version, plan, known));
}

function say(template: SentenceTemplate, version: string, plan: Plan, { item, slots }: Known): Sentence[] {
  const wordings = template[item.language];
  const wording = wordings[WORDING_OF[plan] % wordings.length] ?? '';
  const filled = fillWording(wording, slots);
  if (filled === undefined || filled.text === '') return [];
  return [
    {
      role: template.role,
      text: filled.text,
      sources: [{ kind: 'template', id: template.id, version, wording }, ...filled.sources],
    },
  ];
}

/** Every sentence that people wrote beforehand and that this reply could say: templates filled in, passages. */
export function approvedSentences({ item, slots, situation, common, passage }: Composition): Set<string> {
  const approved = new Set<string>();
  for (const { sentences } of situation.alone ? [situation] : [situation, common]) {
    for (const wording of sentences.flatMap((sentence) => sentence[item.language])) {
      const text = fillWording(wording, slots)?.text;
      if (text) approved.add(text);
    }
  }
  if (passage !== undefined && situation.articles) {
    const { answer, steps } = readPassage(passage);
    for (const text of [...answer, ...steps]) approved.add(text);
  }
  return approved;
}
