import path from 'node:path';
import { loadConfig } from '../../src/config.ts';
import { isWeightKind, weightsFile } from '../../src/embedding/fingerprint.ts';
import { Child } from '../child.ts';
import type { RawReply, RawRequest } from './protocol.ts';

/** ONNX Runtime alone, the yardstick: one single-threaded session per worker thread, fed with token ids. */
export function startRaw(sessions: number, signal: AbortSignal): Child<RawRequest, RawReply> {
  const { MODEL_DIR, MODEL_DTYPE } = loadConfig({});
  if (!isWeightKind(MODEL_DTYPE)) throw new Error(`There are no weights of kind ${MODEL_DTYPE}.`);
  const modelFile = path.join(MODEL_DIR, weightsFile(MODEL_DTYPE));
  return new Child(new URL('child.ts', import.meta.url), { args: [modelFile, String(sessions)], signal });
}
