import { z } from 'zod';
import { AppError } from '../errors.ts';
import { openInput, readLines } from '../intake/read-lines.ts';
import { CHANNELS } from '../triage/facts.ts';
import { PRIORITIES } from '../triage/rules.ts';

const customerSchema = z.object({
  tier: z.string().optional(),
  prior_contacts_same_matter: z.int().min(0).optional(),
  open_positions: z.boolean().optional(),
});

/** One line of a labelled set. Keys beyond these are left alone, so that a set may carry notes. */
export const labelledItemSchema = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  lang: z.string(),
  channel: z.enum(CHANNELS).catch('other').default('other'),
  customer: customerSchema.nullish(),
  subject: z.string().optional(),
  text: z.string(),
  expect: z.object({
    type: z.string(),
    topics: z.array(z.string()).default([]),
    risk_flags: z.array(z.string()).default([]),
    priority: z.enum(PRIORITIES),
  }),
});
export type LabelledItem = z.infer<typeof labelledItemSchema>;

/** @throws AppError `file_error` naming the first line that does not fit */
export async function readTriageSet(file: string): Promise<LabelledItem[]> {
  const items: LabelledItem[] = [];
  const input = openInput(file);
  try {
    for await (const line of readLines(input, 'utf-8')) {
      if ('problem' in line) throw new AppError('file_error', `${file}, line ${line.number}: ${line.problem}`);
      if (line.text.trim() !== '') items.push(parseLine(file, line.number, line.text));
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new AppError('file_error', `${file}: there is no such file`, { cause: error });
    }
    throw error;
  } finally {
    input.destroy();
  }
  return items;
}

function parseLine(file: string, number: number, text: string): LabelledItem {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AppError('file_error', `${file}, line ${number}: not valid JSON`, { cause });
  }
  const parsed = labelledItemSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw new AppError('file_error', `${file}, line ${number}: ${reasons}`);
}
