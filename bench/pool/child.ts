import pino from 'pino';
import { answerParent } from '../answer-parent.ts';
import type { PoolReply, PoolRequest } from './protocol.ts';

/** Texts with the pool at once, per session: none ever waits for a caller. */
const CALLERS_PER_SESSION = 8;

type ConfigModule = typeof import('../../src/config.ts');
type EncoderModule = typeof import('../../src/embedding/create.ts');

const [configUrl = '', encoderUrl = '', count = ''] = process.argv.slice(2);
const { loadConfig }: ConfigModule = await import(configUrl);
const { createEncoder }: EncoderModule = await import(encoderUrl);
const config = loadConfig({ ENCODER_SESSIONS: count });
const encoder = await createEncoder({ config, logger: pino({ level: 'warn' }, pino.destination(2)) });

answerParent(async ({ texts }: PoolRequest): Promise<PoolReply> => {
  const vectors: Float32Array[] = [];
  let next = 0;
  const call = async () => {
    for (let at = next++; at < texts.length; at = next++) {
      vectors[at] = (await encoder.embed(texts[at] ?? '')).vector;
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: CALLERS_PER_SESSION * config.ENCODER_SESSIONS }, call));
  return { elapsedMs: performance.now() - started, vectors, cacheHits: encoder.stats().cacheHits };
});
