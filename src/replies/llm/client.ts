import { z } from 'zod';
import type { Config } from '../../config.ts';
import { AnswerReader, MAX_ANSWER, type Reworded } from './answer-reader.ts';
import { readEventData } from './event-data.ts';
import { ModelFailed, NO_USAGE, type Usage } from './failures.ts';
import { ANSWER_SCHEMA, type ChatMessage } from './prompt.ts';

const MAX_TOKENS = 2_000;
/** A stream frames each token with about 300 bytes of its own. */
const MAX_STREAM = 2_000_000;
/** Characters of JSON to a token, in either language, rather too many tokens than too few. */
const CHARACTERS_PER_TOKEN = 3;
const UNCONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);
const EVENT_STREAM = /^text\/event-stream\b/iu;

const count = z.int().min(0).max(10_000_000);
const usageSchema = z
  .object({ prompt_tokens: count.nullish(), completion_tokens: count.nullish(), total_tokens: count.nullish() })
  .nullish();
const completionSchema = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string().max(MAX_ANSWER) }) })).min(1),
  usage: usageSchema,
});
const chunkSchema = z.object({
  choices: z.array(z.object({ delta: z.object({ content: z.string().nullish() }).optional() })),
  usage: usageSchema,
});

/** The body of a request, as it is sent. */
export function requestFor({ LLM_MODEL }: Pick<Config, 'LLM_MODEL'>, messages: readonly ChatMessage[]): string {
  const schema = { name: 'reply', strict: true, schema: ANSWER_SCHEMA };
  return JSON.stringify({
    ...{ model: LLM_MODEL, messages, temperature: 0.2, max_tokens: MAX_TOKENS },
    ...{ stream: true, stream_options: { include_usage: true } },
    response_format: { type: 'json_schema', json_schema: schema },
  });
}

/** The most that a request is expected to cost, in tokens. */
export function expectTokens(request: string): number {
  return tokensOf(request.length) + MAX_TOKENS;
}

/** A request that runs, with what it has cost so far. */
export class ModelRequest {
  readonly #config: Config;
  readonly #body: string;
  readonly #reader = new AnswerReader();
  #reported: z.infer<typeof usageSchema>;
  #isCharged = true;

  constructor(config: Config, body: string) {
    this.#config = config;
    this.#body = body;
  }

  /**
   * Asks an OpenAI-compatible endpoint and gives each sentence of its answer when it is complete, whether the endpoint
   * streams or answers at once.
   *
   * @throws ModelFailed for a status, an answer or a time beyond what is accepted, and `stopped` by the signal
   */
  async *sentences(signal: AbortSignal): AsyncGenerator<Reworded> {
    const late = AbortSignal.timeout(this.#config.LLM_TIMEOUT_MS);
    try {
      const response = await this.#send(AbortSignal.any([signal, late]));
      const isStream = EVENT_STREAM.test(response.headers.get('content-type') ?? '');
      for await (const piece of isStream ? this.#readStream(response) : this.#readWhole(response))
        yield* this.#reader.read(piece);
      this.#reader.end();
    } catch (error) {
      if (!(error instanceof ModelFailed) || error.reason !== 'unreachable') throw error;
      if (signal.aborted) throw new ModelFailed('stopped', 'it was stopped', error);
      throw late.aborted ? new ModelFailed('timeout', 'no answer in time', error) : error;
    }
  }

  /** What it has cost: as the endpoint says, otherwise about what was sent and read. */
  get usage(): Usage {
    const { prompt_tokens: prompt, completion_tokens: completion, total_tokens: total } = this.#reported ?? {};
    if (typeof prompt === 'number' && typeof completion === 'number')
      return { promptTokens: prompt, completionTokens: completion, isCounted: true };
    const promptTokens = tokensOf(this.#body.length);
    if (typeof total === 'number') {
      const sent = Math.min(total, promptTokens);
      return { promptTokens: sent, completionTokens: total - sent, isCounted: true };
    }
    if (!this.#isCharged) return NO_USAGE;
    return { promptTokens, completionTokens: tokensOf(this.#reader.length), isCounted: false };
  }

  async #send(signal: AbortSignal): Promise<Response> {
    const { LLM_URL, LLM_KEY } = this.#config;
    const address = `${LLM_URL?.replace(/\/$/u, '')}/chat/completions`;
    const headers = { 'Content-Type': 'application/json', ...(LLM_KEY && { Authorization: `Bearer ${LLM_KEY}` }) };
    const init: RequestInit = { method: 'POST', headers, body: this.#body, redirect: 'error', signal };
    const response = await fetch(address, init).catch((error: unknown) => {
      this.#isCharged = !isUnconnected(error);
      throw new ModelFailed('unreachable', 'unreachable', error);
    });
    if (response.ok) return response;
    this.#isCharged = false;
    await response.body?.cancel();
    throw new ModelFailed('refused', `status ${response.status}`);
  }

  async *#readStream(response: Response): AsyncGenerator<string> {
    for await (const data of readEventData(chunksOf(response, MAX_STREAM))) {
      if (data === '[DONE]') return;
      const { choices, usage } = parse(chunkSchema, data);
      if (usage) this.#reported = usage;
      for (const { delta } of choices.slice(0, 1)) if (delta?.content) yield delta.content;
    }
  }

  async *#readWhole(response: Response): AsyncGenerator<string> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of chunksOf(response, MAX_ANSWER)) chunks.push(chunk);
    const { choices, usage } = parse(completionSchema, Buffer.concat(chunks).toString('utf8'));
    this.#reported = usage;
    for (const { message } of choices.slice(0, 1)) yield message.content;
  }
}

/** Whether it never reached the endpoint; what was sent may have been read and counted there. */
function isUnconnected(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && UNCONNECTED.has(String(cause.code));
}

/** The body as far as it is not too long. Only what the connection throws is the connection’s fault. */
async function* chunksOf(response: Response, most: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength;
      if (size > most) throw new ModelFailed('too_long', `more than ${most} bytes`);
      yield chunk;
    }
  } catch (error) {
    throw error instanceof ModelFailed ? error : new ModelFailed('unreachable', 'the connection broke', error);
  }
}

function parse<T>(schema: z.ZodType<T>, text: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ModelFailed('nonsense', 'not JSON', error);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new ModelFailed('nonsense', 'not a completion');
  return parsed.data;
}

function tokensOf(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}
