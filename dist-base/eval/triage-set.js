import { z } from 'zod';
import { AppError } from '../errors.js';
import { openInput, readLines } from '../intake/read-lines.js';
import { CHANNELS } from '../triage/facts.js';
import { PRIORITIES } from '../triage/rules.js';
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
/** @throws AppError `file_error` naming the first line that does not fit */
export async function readTriageSet(file) {
    const items = [];
    const input = openInput(file);
    try {
        for await (const { number, text } of readLines(input, 'utf-8')) {
            if (text === undefined || text.trim() !== '')
                items.push(parseLine(file, number, text));
        }
    }
    catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
            throw new AppError('file_error', `${file}: there is no such file`, { cause: error });
        }
        throw error;
    }
    finally {
        input.destroy();
    }
    return items;
}
function parseLine(file, number, text) {
    let value;
    try {
        value = JSON.parse(text ?? '');
    }
    catch (cause) {
        throw new AppError('file_error', `${file}, line ${number}: not valid JSON`, { cause });
    }
    const parsed = labelledItemSchema.safeParse(value);
    if (parsed.success)
        return parsed.data;
    const reasons = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    throw new AppError('file_error', `${file}, line ${number}: ${reasons}`);
}
//# sourceMappingURL=triage-set.js.map