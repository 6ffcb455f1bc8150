import { workerData } from 'node:worker_threads';
import { AutoTokenizer, type PreTrainedTokenizer, XLMRobertaTokenizer } from '@xenova/transformers';
import { clipToWindow, type Frame } from './clip.ts';
import { useFolder } from './library.ts';
import type { ModelSource, TokenizeRequest, Tokens } from './protocol.ts';
import { type Service, serve } from './serve.ts';
import { wordByWord } from './words.ts';

/** The window of the shipped model, and the most that any configured model is given. */
const WINDOW = 512;

await serve(load);

async function load(): Promise<Service<TokenizeRequest, Tokens, null>> {
  const source: ModelSource = workerData;
  useFolder(source.folder);
  const tokenizer = await AutoTokenizer.from_pretrained(source.folder);
  const window = Math.min(WINDOW, tokenizer.model_max_length);
  const frame = findFrame(tokenizer);
  const encodeWhole = (text: string) => tokenizer.encode(text, { add_special_tokens: false });
  const encode = tokenizer instanceof XLMRobertaTokenizer ? wordByWord(encodeWhole) : encodeWhole;
  return {
    info: null,
    answer({ text }) {
      const { ids, truncated } = clipToWindow(text, encode, frame, window);
      return { ids: BigInt64Array.from(ids, BigInt), truncated };
    },
  };
}

/** The special tokens around a text, found by comparing one with and without them. */
function findFrame(tokenizer: PreTrainedTokenizer): Frame {
  const bare = tokenizer.encode('a', { add_special_tokens: false });
  const full = tokenizer.encode('a');
  const at = full.findIndex((_, index) => bare.every((id, offset) => full[index + offset] === id));
  if (at < 0) throw new Error('The tokenizer changes a text when it adds special tokens.');
  return { before: full.slice(0, at), after: full.slice(at + bare.length) };
}
