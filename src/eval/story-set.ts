import { z } from 'zod';
import { readLabelledFile } from './labelled-file.ts';

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/** One message of a replay; `story` is null for one that belongs to none. Further keys are left alone. */
export const storyItemSchema = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  ts: time,
  customer_id: z
    .union([z.string(), z.number()])
    .nullish()
    .transform((id) => (id === null || id === undefined ? undefined : String(id))),
  lang: z.string().optional(),
  text: z.string(),
  story: z
    .union([z.string(), z.number()])
    .nullish()
    .transform((story) => (story === null || story === undefined || story === '' ? undefined : String(story))),
});
export type StoryItem = z.infer<typeof storyItemSchema>;

/**
 * Messages in the order of their arrival.
 *
 * @throws AppError `file_error` naming the first line that does not fit
 */
export async function readStories(file: string): Promise<StoryItem[]> {
  const items = await readLabelledFile(file, storyItemSchema);
  return items.sort((left, right) => left.ts - right.ts);
}
