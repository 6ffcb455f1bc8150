import { promisify } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { gunzip, gzip } from 'node:zlib';
import { LABEL_CLASSIFIER_FORMAT, type LabelModel } from '../learning/label-classifier.ts';
import type { Bilingual } from '../triage/taxonomy.ts';

const FORMAT = 1;
const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** A classifier with all that its answers show, so that it goes on while a later definition is being trained. */
export interface TrainedTaxonomy {
  readonly model: LabelModel;
  readonly names: ReadonlyMap<string, Bilingual>;
  /** By the id of an example of `model`. */
  readonly texts: ReadonlyMap<string, string>;
}

/** What a stored model must carry to be read here and now: the encoder, and the forms of what is stored. */
export function modelHashOf(encoderHash: string): string {
  return `${encoderHash}:${FORMAT}.${LABEL_CLASSIFIER_FORMAT}`;
}

export async function packTrained(trained: TrainedTaxonomy): Promise<Uint8Array> {
  return await compress(serialize(trained), { level: 1 });
}

/** `bytes` must come from a row with the present `modelHashOf`. */
export async function unpackTrained(bytes: Uint8Array): Promise<TrainedTaxonomy> {
  return deserialize(await decompress(bytes));
}
