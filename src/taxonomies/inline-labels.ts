import { z } from 'zod';
import { visibleText } from '../text/storable.ts';

export const MIN_INLINE = 2;
export const MAX_INLINE = 100;
const MAX_NAME = 200;
const MAX_DESCRIPTION = 1_000;
const MAX_EXAMPLES = 20;
const MAX_EXAMPLE = 2_000;

const inlineLabelSchema = z
  .strictObject({
    name: visibleText(MAX_NAME).describe('What is answered. Words of any language that say what belongs under it.'),
    description: visibleText(MAX_DESCRIPTION).optional().describe('What belongs under it, in a sentence or two.'),
    examples: z
      .array(visibleText(MAX_EXAMPLE))
      .max(MAX_EXAMPLES, `must hold at most ${MAX_EXAMPLES} examples`)
      .optional()
      .describe('Messages that belong under it.'),
  })
  .meta({ id: 'InlineLabel' });
export type InlineLabel = z.infer<typeof inlineLabelSchema>;

/** Labels that are sent with the message they are for. */
export const inlineLabelsSchema = z
  .array(inlineLabelSchema)
  .min(MIN_INLINE, `must hold at least ${MIN_INLINE} labels`)
  .max(MAX_INLINE, `must hold at most ${MAX_INLINE} labels`)
  .superRefine((labels, context) => {
    const seen = new Set<string>();
    labels.forEach(({ name }, at) => {
      if (seen.has(name))
        context.addIssue({ code: 'custom', path: [at, 'name'], message: 'must differ from the other names' });
      seen.add(name);
    });
  });
