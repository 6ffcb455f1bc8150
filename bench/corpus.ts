import { loadConfig } from '../src/config.ts';
import { DATA_FOLDER } from '../src/context.ts';
import { isWeightKind } from '../src/embedding/fingerprint.ts';
import type { Link } from '../src/embedding/link.ts';
import type { TokenizeRequest, Tokens } from '../src/embedding/protocol.ts';
import { tokenizerWorker } from '../src/embedding/workers.ts';
import { loadPolicy } from '../src/policy.ts';
import { Segmenter } from '../src/text/segment.ts';
import { readDocument } from '../src/triage/document.ts';
import { generateTexts } from './messages.ts';
import { mean } from './statistics.ts';

/** One text in the three forms in which the measured parts take it. */
export interface Sample {
  /** As a customer sends it. */
  readonly text: string;
  /** With personal data masked: what the service gives to its encoder. */
  readonly masked: string;
  /** The tokens of `masked` with the query prefix: what ONNX Runtime alone gets. */
  readonly ids: BigInt64Array;
}

/** Texts that are never given twice, so that no cache helps. */
export interface Corpus extends AsyncDisposable {
  take(count: number): Promise<Sample[]>;
}

const SEED = 20_261_101;

/** Loads the tokenizer in a thread of its own, and what is needed to mask personal data. */
export async function openCorpus(): Promise<Corpus> {
  const config = loadConfig({});
  const policy = await loadPolicy(DATA_FOLDER);
  const segmenter = new Segmenter(policy.words);
  const tokenizer = await startTokenizer(config.MODEL_DIR, config.MODEL_DTYPE);
  const texts = generateTexts(policy.seeds, SEED);
  const prepare = async (text: string): Promise<Sample> => {
    const masked = readDocument(segmenter, { text }).masked.text;
    const { ids } = await tokenizer.send({ text: config.MODEL_QUERY_PREFIX + masked });
    return { text, masked, ids };
  };
  // The encoder's cache sees the masked text: two texts that differ in a masked number only would be one to it.
  const seen = new Set<string>();
  return {
    async take(count) {
      const samples: Sample[] = [];
      while (samples.length < count) {
        const { value } = await texts.next();
        const sample = await prepare(value);
        if (!seen.has(sample.masked)) samples.push(sample);
        seen.add(sample.masked);
      }
      return samples;
    },
    [Symbol.asyncDispose]: () => tokenizer.stop(),
  };
}

/** Tokens per text, special tokens included. */
export function meanTokens(samples: readonly Sample[]): number {
  return mean(samples.map(({ ids }) => ids.length));
}

function startTokenizer(folder: string, dtype: string): Promise<Link<TokenizeRequest, Tokens>> {
  if (!isWeightKind(dtype)) throw new Error(`There are no weights of kind ${dtype}.`);
  const start = tokenizerWorker({ folder, dtype, pooling: 'sentence_embedding' });
  return new Promise((resolve, reject) => {
    const link = start({ ready: () => resolve(link), gone: (reason) => reject(new Error(`The tokenizer ${reason}.`)) });
  });
}
