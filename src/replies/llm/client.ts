import { z } from 'zod';
import type { Config } from '../../config.ts';
import { ANSWER_SCHEMA, type ChatMessage } from './prompt.ts';

/** Largest answer that is read, bytes. */
const MAX_ANSWER = 200_000;
const MAX_TOKENS = 2_000;

/** The model gave nothing usable; the reason names no content. */
export class ModelFailed extends Error {
  constructor(reason: string, cause?: unknown) {
    super(`the model gave no usable answer: ${reason}`, { cause });
    this.name = 'ModelFailed';
  }
}

const completionSchema = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string().max(MAX_ANSWER) }) })).min(1),
  usage: z.object({ total_tokens: z.int().min(0) }).optional(),
});
const answerSchema = z.strictObject({
  sentences: z
    .array(z.strictObject({ draft: z.int().min(0), text: z.string().min(1).max(1_000) }))
    .min(1)
    .max(40),
});
export type Reworded = z.infer<typeof answerSchema>['sentences'];

/**
 * Asks an OpenAI-compatible endpoint for a rewording.
 *
 * @throws ModelFailed for a status, an answer or a time beyond what is accepted
 */
export async function askModel(
  { LLM_URL, LLM_MODEL, LLM_KEY, LLM_TIMEOUT_MS }: Config,
  messages: readonly ChatMessage[],
  signal: AbortSignal,
): Promise<{ sentences: Reworded; tokens: number }> {
  const schema = { name: 'reply', strict: true, schema: ANSWER_SCHEMA };
  const body = JSON.stringify({
    ...{ model: LLM_MODEL, messages, temperature: 0.2, max_tokens: MAX_TOKENS },
    response_format: { type: 'json_schema', json_schema: schema },
  });
  const headers = { 'Content-Type': 'application/json', ...(LLM_KEY && { Authorization: `Bearer ${LLM_KEY}` }) };
  const ends = AbortSignal.any([signal, AbortSignal.timeout(LLM_TIMEOUT_MS)]);
  let text: string;
  try {
    const address = `${LLM_URL?.replace(/\/$/u, '')}/chat/completions`;
    const response = await fetch(address, { method: 'POST', headers, body, redirect: 'error', signal: ends });
    if (!response.ok) {
      await response.body?.cancel();
      throw new ModelFailed(`status ${response.status}`);
    }
    text = await readBounded(response);
  } catch (error) {
    if (error instanceof ModelFailed) throw error;
    throw new ModelFailed(ends.aborted ? 'no answer in time' : 'unreachable', error);
  }
  const completion = parse(completionSchema, text);
  const [choice] = completion.choices;
  const { sentences } = parse(answerSchema, choice?.message.content ?? '');
  // An endpoint that does not count is charged about what it read and wrote.
  const tokens = completion.usage?.total_tokens ?? Math.ceil((body.length + text.length) / 3);
  return { sentences, tokens };
}

/** The body, as far as it is not too long. */
async function readBounded(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > MAX_ANSWER) throw new ModelFailed(`more than ${MAX_ANSWER} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parse<T>(schema: z.ZodType<T>, text: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ModelFailed('not JSON', error);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new ModelFailed('not of the agreed form');
  return parsed.data;
}
