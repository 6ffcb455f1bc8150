import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { throwIfCancelled } from '../errors.ts';
import { fold } from '../text/fold.ts';
import { visibleText } from '../text/storable.ts';
import { redact } from '../triage/redact.ts';
import { keySchema } from '../triage/taxonomy.ts';

/** The taxonomy that is shipped; nobody can put another in its place. */
export const DEFAULT_TAXONOMY = 'default';

const MIN_LABELS = 2;
const MAX_LABELS = 1_000;
const MAX_NAME = 200;
const MAX_DESCRIPTION = 1_000;
const MAX_PER_LABEL = 200;
const MAX_EXAMPLES = 10_000;
const MAX_EXAMPLE = 2_000;
/** Masked in some 5 ms. */
const CHARACTERS_PER_TURN = 10_000;

const bilingual = (max: number) => z.strictObject({ zh: visibleText(max), en: visibleText(max) });

const labelSchema = z
  .strictObject({
    key: keySchema.describe('What programs see.'),
    name: bilingual(MAX_NAME).describe('What people see; read as evidence too while examples are few.'),
    description: bilingual(MAX_DESCRIPTION).optional().describe('What belongs under it.'),
    retired: z.boolean().optional().describe('True: kept for what was decided before, and never answered any more.'),
    examples: z
      .array(visibleText(MAX_EXAMPLE))
      .max(MAX_PER_LABEL, `must hold at most ${MAX_PER_LABEL} examples`)
      .default([])
      .describe('Messages that belong under it, in any language. Personal data is masked before they are kept.'),
  })
  .meta({ id: 'TaxonomyLabel' });

/** The body of `PUT /v1/taxonomies/{name}`, and what is kept of it. */
export const definitionSchema = z
  .strictObject({
    labels: z
      .array(labelSchema)
      .min(MIN_LABELS, `must hold at least ${MIN_LABELS} labels`)
      .max(MAX_LABELS, `must hold at most ${MAX_LABELS} labels`)
      .describe(`${MIN_LABELS} to ${MAX_LABELS} labels with at most ${MAX_EXAMPLES} examples in all.`),
  })
  .superRefine(({ labels }, context) => {
    const refuse = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path: ['labels', ...path], message });
    const seen = new Set<string>();
    labels.forEach(({ key }, at) => {
      if (seen.has(key)) refuse([at, 'key'], 'must differ from the other keys');
      seen.add(key);
    });
    if (labels.length >= MIN_LABELS && labels.filter(({ retired }) => !retired).length < MIN_LABELS)
      refuse([], `must hold at least ${MIN_LABELS} labels that are not retired`);
    if (labels.reduce((sum, { examples }) => sum + examples.length, 0) > MAX_EXAMPLES)
      refuse([], `must hold at most ${MAX_EXAMPLES} examples in all`);
  })
  .meta({ id: 'TaxonomyDefinition' });
export type Definition = z.infer<typeof definitionSchema>;
export type DefinedLabel = Definition['labels'][number];

/**
 * What is kept of a definition: personal data masked, repeats of an example dropped. Others get their turn on the thread
 * after every few thousand characters.
 *
 * @throws AppError `cancelled`
 */
export async function maskDefinition({ labels }: Definition, signal?: AbortSignal): Promise<Definition> {
  let read = 0;
  const mask = async (text: string) => {
    read += text.length;
    if (read >= CHARACTERS_PER_TURN) {
      await setImmediate();
      throwIfCancelled(signal);
      read = 0;
    }
    return redact(text).masked.text;
  };
  const masked: DefinedLabel[] = [];
  for (const { key, name, description, retired, examples } of labels) {
    const texts: string[] = [];
    for (const text of examples) texts.push(await mask(text));
    masked.push({
      key,
      name,
      ...(description && { description: { zh: await mask(description.zh), en: await mask(description.en) } }),
      ...(retired && { retired }),
      examples: dropRepeats(texts),
    });
  }
  return { labels: masked };
}

/** The first 12 hexadecimal digits of a SHA-256 over a masked definition: the same content has the same version. */
export function versionOf(definition: Definition): string {
  return createHash('sha256').update(JSON.stringify(definition)).digest('hex').slice(0, 12);
}

function dropRepeats(texts: readonly string[]): string[] {
  return [...new Map(texts.map((text) => [fold(text), text])).values()];
}
