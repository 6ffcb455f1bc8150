import { promisify } from 'node:util';
import { deserialize } from 'node:v8';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { HEAD_FORMAT, type HeadModel } from './head.ts';
import { quantize } from './quantized.ts';

/** Bytes that an unpacked model has at most: ten times the largest that was seen. */
const MAX_UNPACKED = 512 * 1024 * 1024;
/** Arrays begin at a multiple of this, the longest element. */
const ALIGNMENT = 8;
const LENGTH_BYTES = 4;
/** A value that begins with it was written by `v8.serialize`, as heads of format 2 were. */
const V8_MARK = 0xff;

const KINDS = { Float32Array, Float64Array, Int32Array, Int8Array } as const;
type Kind = keyof typeof KINDS;
type Numbers = InstanceType<(typeof KINDS)[Kind]>;

const placeSchema = z.strictObject({
  array: z.enum(Object.keys(KINDS) as [Kind, ...Kind[]]),
  at: z.int().min(0),
  length: z.int().min(0),
});

const float32 = z.instanceof(Float32Array);
const int32 = z.instanceof(Int32Array);
const finite = z.number();
const scorerSchema = z.strictObject({ dense: float32, sparse: float32, bias: finite });
const keys = z.array(z.string());
const independentSchema = z.strictObject({
  labels: keys,
  scorers: z.array(scorerSchema),
  calibrations: z.array(z.strictObject({ scale: finite, bias: finite, vote: finite.optional() })),
  thresholds: z.strictObject({ first: finite, further: finite }),
});

const voteSchema = z.strictObject({
  terms: z.strictObject({ offsets: int32, indices: int32, values: float32 }),
  has: z.instanceof(Int8Array),
});

const modelSchema = z
  .strictObject({
    format: z.literal(HEAD_FORMAT),
    encoderHash: z.string(),
    mean: float32,
    vocabulary: z.strictObject({ terms: keys, idf: float32 }),
    weights: z.strictObject({ dense: finite, sparse: finite }),
    type: z.strictObject({
      labels: keys,
      scorers: z.array(scorerSchema),
      calibration: z.strictObject({ scale: finite, bias: z.instanceof(Float64Array), vote: finite.optional() }),
      threshold: finite,
    }),
    topics: independentSchema,
    flags: independentSchema,
    exampleVectors: z.strictObject({ dimensions: z.int(), values: z.instanceof(Int8Array), scales: float32 }),
    exampleIds: keys,
    exampleTypes: keys,
    vote: voteSchema.nullable().default(null),
    heldOutAccuracy: finite,
    familiarity: finite,
  })
  .refine(fitsTogether, 'parts of different sizes') satisfies z.ZodType<HeadModel>;

function fitsTogether(model: HeadModel): boolean {
  const { mean, vocabulary, exampleVectors, exampleIds, exampleTypes, type, topics, flags } = model;
  const terms = vocabulary.terms.length;
  return (
    vocabulary.idf.length === terms &&
    exampleVectors.dimensions === mean.length &&
    exampleVectors.values.length === exampleIds.length * mean.length &&
    exampleVectors.scales.length === exampleIds.length &&
    exampleTypes.length === exampleIds.length &&
    fitsVote(model) &&
    type.calibration.bias.length === type.labels.length &&
    [topics, flags].every(({ labels, calibrations }) => calibrations.length === labels.length) &&
    [type, topics, flags].every(
      ({ labels, scorers }) =>
        scorers.length === labels.length &&
        scorers.every(({ dense, sparse }) => dense.length === mean.length && sparse.length === terms),
    )
  );
}

function fitsVote({ vote, vocabulary, exampleIds, type, topics, flags }: HeadModel): boolean {
  if (vote === null) return true;
  const { offsets, indices, values } = vote.terms;
  const labels = type.labels.length + topics.labels.length + flags.labels.length;
  return (
    offsets.length === exampleIds.length + 1 &&
    offsets.every((offset, row) => offset >= (offsets[row - 1] ?? 0)) &&
    offsets[exampleIds.length] === indices.length &&
    values.length === indices.length &&
    indices.every((term) => term >= 0 && term < vocabulary.terms.length) &&
    vote.has.length === exampleIds.length * labels
  );
}

/**
 * A model's bytes as they are kept and sent: compressed JSON, whose arrays of numbers lie behind it in the order of
 * little-endian machines. Reading it makes numbers and strings and nothing else, whoever wrote it.
 */
export async function packModel(model: HeadModel): Promise<Uint8Array> {
  const arrays: Numbers[] = [];
  let size = 0;
  const json = JSON.stringify(model, (_, value: unknown) => {
    const kind = kindOf(value);
    if (kind === undefined) return value;
    const [numbers, at] = [value as Numbers, size];
    arrays.push(numbers);
    size += align(numbers.byteLength);
    return { array: kind, at, length: numbers.length };
  });
  const head = Buffer.from(json);
  const start = align(LENGTH_BYTES + head.length);
  const bytes = new Uint8Array(start + size);
  new DataView(bytes.buffer).setUint32(0, head.length, true);
  bytes.set(head, LENGTH_BYTES);
  let at = start;
  for (const { buffer, byteOffset, byteLength } of arrays) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += align(byteLength);
  }
  return await promisify(gzip)(bytes, { level: 1 });
}

/**
 * The model in bytes of `packModel`, wherever they come from.
 *
 * @throws AppError `model_damaged` when they hold no model of this format
 */
export async function unpackModel(packed: Uint8Array): Promise<HeadModel> {
  return await unpack(packed, readValue);
}

/**
 * The model in bytes that this or an earlier release has stored in its own database.
 *
 * @throws AppError `model_damaged` when they hold no model of this format or the one before
 */
export async function unpackStored(packed: Uint8Array): Promise<HeadModel> {
  return await unpack(packed, (bytes) => (bytes[0] === V8_MARK ? raise(deserialize(bytes)) : readValue(bytes)));
}

async function unpack(packed: Uint8Array, read: (bytes: Buffer) => unknown): Promise<HeadModel> {
  try {
    return modelSchema.parse(read(await promisify(gunzip)(packed, { maxOutputLength: MAX_UNPACKED })));
  } catch (cause) {
    throw new AppError('model_damaged', `The bytes hold no head of format ${HEAD_FORMAT}.`, { cause });
  }
}

/**
 * What the format before this one held: vectors as 32-bit numbers, one threshold for all labels. Others come back as they
 * are, to be refused.
 */
const labelsBefore = z
  .looseObject({ threshold: finite })
  .transform(({ threshold, ...rest }) => ({ ...rest, thresholds: { first: threshold, further: threshold } }));
const beforeSchema = z.looseObject({
  format: z.literal(2),
  mean: float32,
  exampleVectors: float32,
  topics: labelsBefore,
  flags: labelsBefore,
});

/** A head of the format before, in the present one. */
function raise(value: unknown): unknown {
  const before = beforeSchema.safeParse(value).data;
  if (before === undefined) return value;
  return { ...before, format: HEAD_FORMAT, exampleVectors: quantize(before.exampleVectors, before.mean.length) };
}

function readValue(bytes: Buffer): unknown {
  const length = bytes.readUInt32LE(0);
  const start = align(LENGTH_BYTES + length);
  return JSON.parse(bytes.toString('utf8', LENGTH_BYTES, LENGTH_BYTES + length), (_, value: unknown) => {
    const place = placeSchema.safeParse(value).data;
    if (place === undefined) return value;
    const Numbers = KINDS[place.array];
    const from = start + place.at;
    const to = from + place.length * Numbers.BYTES_PER_ELEMENT;
    if (to > bytes.length) throw new RangeError('an array reaches beyond the end');
    return new Numbers(Uint8Array.from(bytes.subarray(from, to)).buffer);
  });
}

function kindOf(value: unknown): Kind | undefined {
  if (!ArrayBuffer.isView(value)) return undefined;
  const name = value.constructor.name;
  if (name in KINDS) return name as Kind;
  throw new TypeError(`a model holds no ${name}`);
}

function align(size: number): number {
  return Math.ceil(size / ALIGNMENT) * ALIGNMENT;
}
