import { workerData } from 'node:worker_threads';
import { AutoTokenizer, XLMRobertaTokenizer } from '@xenova/transformers';
import { clipToWindow } from './clip.js';
import { useFolder } from './library.js';
import { serve } from './serve.js';
import { wordByWord } from './words.js';
/** The window of the shipped model, and the most that any configured model is given. */
const WINDOW = 512;
await serve(load);
async function load() {
    const source = workerData;
    useFolder(source.folder);
    const tokenizer = await AutoTokenizer.from_pretrained(source.folder);
    const window = Math.min(WINDOW, tokenizer.model_max_length);
    const frame = findFrame(tokenizer);
    const encodeWhole = (text) => tokenizer.encode(text, { add_special_tokens: false });
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
function findFrame(tokenizer) {
    const bare = tokenizer.encode('a', { add_special_tokens: false });
    const full = tokenizer.encode('a');
    const at = full.findIndex((_, index) => bare.every((id, offset) => full[index + offset] === id));
    if (at < 0)
        throw new Error('The tokenizer changes a text when it adds special tokens.');
    return { before: full.slice(0, at), after: full.slice(at + bare.length) };
}
//# sourceMappingURL=tokenizer-worker.js.map