import { z } from 'zod';
import { AppError } from '../errors.ts';
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
  text: z.string().refine((text) => text.trim() !== '', 'must not be empty'),
  story: z
    .union([z.string(), z.number()])
    .nullish()
    .transform((story) => (story === null || story === undefined || story === '' ? undefined : String(story))),
});
export type StoryItem = z.infer<typeof storyItemSchema>;

/**
 * Messages in the order of their arrival.
 *
 * @throws AppError `file_error` naming the first line that does not fit, or an id that stands there twice; for a file of none
 */
export async function readStories(file: string): Promise<StoryItem[]> {
  const items = await readLabelledFile(file, storyItemSchema);
  if (items.length === 0) throw new AppError('file_error', `${file}: holds no message`);
  const known = new Set<string>();
  for (const { id } of items) {
    if (known.has(id)) throw new AppError('file_error', `${file}: id "${id}" stands there twice; each must be another`);
    known.add(id);
  }
  return items.sort((left, right) => left.ts - right.ts);
}
