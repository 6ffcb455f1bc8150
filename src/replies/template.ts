import { z } from 'zod';
import { phraseSchema } from '../text/phrase-schema.ts';
import { PRIORITIES } from '../triage/rules.ts';
import { keySchema } from '../triage/taxonomy.ts';

/** How an answer reaches the customer; each has a form and a length of its own. */
export const MEDIA = ['mail', 'chat', 'social', 'phone'] as const;
export type Medium = (typeof MEDIA)[number];

export const REPLY_LANGUAGES = ['zh', 'en'] as const;
export type ReplyLanguage = (typeof REPLY_LANGUAGES)[number];

/** How a situation is spoken about: `grave` where somebody lost something or is in danger, `warm` for thanks. */
export const TONES = ['grave', 'serious', 'plain', 'warm'] as const;
export type Tone = (typeof TONES)[number];

/** What a sentence does in a reply, in the order of a full one. */
export const ROLES = [
  'greeting',
  'acknowledge',
  'noted',
  'care',
  'answer',
  'next',
  'steps_intro',
  'step',
  'need',
  'safety',
  'closing',
] as const;
export type Role = (typeof ROLES)[number];

/** What may stand in braces in a template; `{name}` is left out with the brackets around it where there is none. */
export const SLOTS = ['amount', 'reference', 'noted', 'resolve_by', 'answer_by', 'team', 'area', 'article'] as const;
export type Slot = (typeof SLOTS)[number];

/** Ways to put a reply together. */
export const PLANS = ['full', 'brief', 'steps'] as const;
export type Plan = (typeof PLANS)[number];

const keys = z.array(keySchema).min(1).optional();

const conditionSchema = z.strictObject({
  types: keys,
  topics: keys.describe('One of them is among the item’s topics.'),
  first_topic: keys,
  flags: keys.describe('One of them is raised.'),
  without_flags: keys.describe('None of them is raised.'),
  priorities: z.array(z.enum(PRIORITIES)).min(1).optional(),
  media: z.array(z.enum(MEDIA)).min(1).optional(),
  tones: z.array(z.enum(TONES)).min(1).optional(),
  says: z.array(phraseSchema).min(1).optional().describe('The message says one of these, in the notation of rules.'),
  unless_says: z.array(phraseSchema).min(1).optional().describe('The message says none of these.'),
  follow_up: z.boolean().optional().describe('The customer wrote after an answer.'),
  supplement: z.boolean().optional().describe('The customer only adds something to what was said.'),
  knows: z.array(z.enum(SLOTS)).min(1).optional().describe('All of these are known.'),
  lacks: z.array(z.enum(SLOTS)).min(1).optional().describe('None of these is known.'),
  repeated: z.boolean().optional().describe('The customer has written about the matter before.'),
  wordless: z.boolean().optional().describe('There is nothing in the message that can be understood.'),
  positions: z.boolean().optional().describe('Positions are open.'),
});
export type ReplyCondition = z.infer<typeof conditionSchema>;

/** Wordings of one sentence: of several, each suggestion takes another. */
const wordings = z.array(z.string().min(1).max(400)).min(1).max(4);

export const sentenceSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+$/, 'must be the situation and a name, joined by a dot'),
  role: z.enum(ROLES),
  when: conditionSchema.default({}),
  zh: wordings,
  en: wordings,
});
export type SentenceTemplate = z.infer<typeof sentenceSchema>;

/** One file of `data/replies`: what is said in one situation. */
export const situationSchema = z
  .strictObject({
    version: z.string().min(1),
    situation: keySchema,
    order: z.int().describe('Of two situations that fit, the one with the lower number is taken.'),
    tone: z.enum(TONES),
    when: conditionSchema.default({}),
    alone: z.boolean().default(false).describe('Nothing but these sentences is said: no articles, nothing common.'),
    articles: z.boolean().default(true).describe('Whether steps are quoted from articles.'),
    no_steps_if_says: z
      .array(phraseSchema)
      .min(1)
      .optional()
      .describe('Whoever says one of these has tried already what articles advise; their steps are not quoted.'),
    needs_article: z
      .boolean()
      .default(false)
      .describe('Its answer is an article; without one there is nothing to say.'),
    approaches: z.array(z.enum(PLANS)).min(1).default(['full', 'brief', 'steps']),
    sentences: z.array(sentenceSchema).min(1),
  })
  .superRefine((file, context) => {
    const seen = new Set<string>();
    file.sentences.forEach((sentence, index) => {
      for (const message of problemsOf(file.situation, file.tone, sentence, seen))
        context.addIssue({ code: 'custom', path: ['sentences', index], message });
      seen.add(sentence.id);
    });
  });
export type Situation = z.infer<typeof situationSchema>;

/** The file whose sentences every situation that is not `alone` may use. */
export const COMMON = 'common';
/** The file of what AUTO_ACKNOWLEDGE sends by itself; it is never suggested. */
export const RECEIPT = 'receipt';

function problemsOf(
  situation: string,
  tone: Tone,
  { id, zh, en }: SentenceTemplate,
  seen: ReadonlySet<string>,
): string[] {
  const problems: string[] = [];
  if (!id.startsWith(`${situation}.`)) problems.push(`${id} must begin with ${situation}.`);
  if (seen.has(id)) problems.push(`${id} is there twice`);
  if (zh.length !== en.length) problems.push(`${id} must have as many wordings in zh as in en`);
  for (const text of [...zh, ...en]) {
    const unknown = [...text.matchAll(/\{(\w*)\}/gu)].filter(([, name]) => !SLOTS.some((slot) => slot === name));
    for (const [braces] of unknown) problems.push(`${id}: ${braces} is none of ${SLOTS.join(', ')}`);
    if (!/^[^[\]]*(?:\[[^[\]]*\{\w+\}[^[\]]*\][^[\]]*)*$/u.test(text))
      problems.push(`${id}: brackets must be closed, not nested, and hold a slot`);
    if (tone !== 'warm' && /[!！]/u.test(text)) problems.push(`${id}: exclamation marks are for warm situations only`);
  }
  return problems;
}
