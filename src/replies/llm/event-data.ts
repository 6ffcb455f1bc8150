import { TextDecoder } from 'node:util';
import { ModelFailed } from './failures.ts';

/**
 * The data of server-sent events (WHATWG HTML, 9.2.6) in bytes that may be cut anywhere, within a character too. What
 * is not ended by an empty line is no event.
 *
 * @throws ModelFailed `nonsense` for what is not UTF-8
 */
export async function* readEventData(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let data: string[] = [];
  for await (const chunk of chunks) {
    const from = rest.length;
    rest += decode(decoder, chunk);
    let start = 0;
    for (let end = rest.indexOf('\n', from); end >= 0; end = rest.indexOf('\n', start)) {
      const line = rest.slice(start, end).replace(/\r$/u, '');
      start = end + 1;
      if (line.startsWith('data:')) data.push(line.slice(line.startsWith('data: ') ? 6 : 5));
      if (line !== '' || data.length === 0) continue;
      yield data.join('\n');
      data = [];
    }
    rest = rest.slice(start);
  }
}

function decode(decoder: TextDecoder, chunk: Uint8Array): string {
  try {
    return decoder.decode(chunk, { stream: true });
  } catch (error) {
    throw new ModelFailed('nonsense', 'not UTF-8', error);
  }
}
