import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a model is shown of a draft. */
export interface Prompt {
  readonly draft: readonly { readonly number: number; readonly text: string }[];
}
export type ModelAnswer = (response: ServerResponse, prompt: Prompt) => void | Promise<void>;

/** An OpenAI-compatible endpoint on this machine that answers as a test says. */
export class ModelStub implements AsyncDisposable {
  answer: ModelAnswer = say([]);
  /** The bodies that it was sent. */
  asked: string[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = Buffer.concat(parts).toString('utf8');
        this.asked.push(body);
        void this.answer(response, JSON.parse(JSON.parse(body).messages[1].content));
      });
    });
  }

  static async listen(): Promise<ModelStub> {
    const stub = new ModelStub();
    await new Promise<void>((resolve) => stub.#server.listen(0, '127.0.0.1', resolve));
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Answers at once, with sentences or with the text given. */
export function say(sentences: unknown): ModelAnswer {
  return (response) => {
    const content = typeof sentences === 'string' ? sentences : JSON.stringify({ sentences });
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ choices: [{ message: { content } }], usage: { total_tokens: 700 } }));
  };
}

/** One chunk of a stream, as endpoints frame it. */
export function chunk(content: string): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;
}

/** What ends a stream that went well, with the tokens that it has cost. */
export const STREAM_END = `data: ${JSON.stringify({
  choices: [],
  usage: { prompt_tokens: 610, completion_tokens: 90, total_tokens: 700 },
})}\n\ndata: [DONE]\n\n`;

/** Begins a stream. */
export function startStream(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
}
