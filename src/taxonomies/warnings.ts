import { z } from 'zod';
import { fold } from '../text/fold.ts';
import { type Bilingual, bilingualSchema } from '../triage/taxonomy.ts';
import type { Definition } from './definition.ts';

/** With fewer examples than this a label is hard to tell from its neighbours (docs/adr/0004: 5 per label are the least measured). */
const STARVED_BELOW = 5;
const MAX_OF_ONE_KIND = 20;
/** Keys that one warning names. */
const MAX_NAMED = 10;

const NOTES = {
  starved: {
    zh: `这些标签的示例少于 ${STARVED_BELOW} 条，判断会不可靠`,
    en: `These labels have fewer than ${STARVED_BELOW} examples; answers about them will be unreliable`,
  },
  same_text: {
    zh: '同一条示例出现在多个标签下',
    en: 'The same example stands under more than one label',
  },
  same_name: {
    zh: '这些标签的名称相同',
    en: 'These labels have the same name',
  },
} as const satisfies Record<string, Bilingual>;

/** Something about a definition that makes worse answers. */
export const warningSchema = z
  .object({
    code: z.string().describe(`One of ${Object.keys(NOTES).join(', ')}.`),
    labels: z.array(z.string()).describe(`Keys of the labels that it is about, the first ${MAX_NAMED} of them.`),
    more: z.int().default(0).describe('Labels that it is about and that are not named.'),
    count: z.int().describe('How many labels, or examples, it is true of.'),
    note: bilingualSchema,
  })
  .meta({ id: 'TaxonomyWarning' });
export type Warning = z.infer<typeof warningSchema>;

/** What is odd about a definition as it stands. Retired labels are not looked at: nothing is learned from them. */
export function findWarnings({ labels }: Definition): Warning[] {
  const used = labels.filter(({ retired }) => !retired);
  const starved = used.filter(({ examples }) => examples.length < STARVED_BELOW).map(({ key }) => key);
  const texts = used.flatMap(({ key, examples }) => examples.map((text) => ({ key, text })));
  const names = used.flatMap(({ key, name }) =>
    [...new Set([fold(name.zh), fold(name.en)])].map((text) => ({ key, text })),
  );
  return [
    ...(starved.length > 0 ? [warn('starved', starved, starved.length)] : []),
    ...shared('same_text', texts),
    ...shared('same_name', names),
  ];
}

/** One warning per set of labels that share texts. */
function shared(code: 'same_text' | 'same_name', rows: readonly { key: string; text: string }[]): Warning[] {
  const keysOf = new Map<string, Set<string>>();
  for (const { key, text } of rows) keysOf.set(fold(text), (keysOf.get(fold(text)) ?? new Set()).add(key));
  const counts = new Map<string, number>();
  for (const keys of keysOf.values()) {
    const group = [...keys].join();
    if (keys.size > 1) counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  return [...counts].slice(0, MAX_OF_ONE_KIND).map(([group, count]) => warn(code, group.split(','), count));
}

function warn(code: keyof typeof NOTES, labels: readonly string[], count: number): Warning {
  const named = labels.slice(0, MAX_NAMED);
  return { code, labels: named, more: labels.length - named.length, count, note: NOTES[code] };
}
