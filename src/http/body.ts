import type { Context as HonoContext } from 'hono';
import { parse as parseYaml, YAMLParseError } from 'yaml';
import type { z } from 'zod';
import { AppError, cancelledError } from '../errors.ts';
import { invalidInput } from './problem.ts';

const MAX_BODY_BYTES = 1_048_576;
const MAX_DEPTH = 16;
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json(?:\s*;|$)/iu;
/** What `curl -d` sends when nobody names a type. */
const CURL_TYPE = /^application\/x-www-form-urlencoded(?:\s*;|$)/iu;
const YAML_TYPE = /^(?:application|text)\/(?:x-)?yaml(?:\s*;|$)/iu;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A JSON body as it came and as it was read. */
export interface JsonBody {
  readonly text: string;
  readonly value: unknown;
}

/**
 * Reads a JSON body within the limits.
 *
 * @throws AppError `unsupported_media_type`, `payload_too_large`, `bad_request` (no UTF-8, no JSON, too deep), or
 *   `cancelled` when the client left before all of it had come
 */
export async function readJson(c: HonoContext): Promise<JsonBody> {
  checkType(c);
  const text = decode(await readBytes(c));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new AppError('bad_request', 'The body is not valid JSON.', {
      errors: [{ pointer: '', message: 'must be one JSON object' }],
    });
  }
  if (isDeeperThan(MAX_DEPTH, value))
    throw new AppError('bad_request', `The JSON is nested more than ${MAX_DEPTH} levels deep.`);
  return { text, value };
}

/** Reads a body that may be YAML as well, within the same limits: what people write by hand. @throws as `readJson` */
export async function readJsonOrYaml(c: HonoContext): Promise<unknown> {
  if (!YAML_TYPE.test(c.req.header('content-type') ?? '')) return (await readJson(c)).value;
  const text = decode(await readBytes(c));
  let value: unknown;
  try {
    value = parseYaml(text);
  } catch (error) {
    const at = error instanceof YAMLParseError ? error.linePos?.[0] : undefined;
    const place = at === undefined ? '' : ` (line ${at.line}, column ${at.col})`;
    throw new AppError('bad_request', `The body is not valid YAML${place}.`);
  }
  if (isDeeperThan(MAX_DEPTH, value))
    throw new AppError('bad_request', `The YAML is nested more than ${MAX_DEPTH} levels deep.`);
  return value;
}

/** @throws AppError `invalid_input` with a pointer per refused field */
export function parseWith<T>(schema: z.ZodType<T>, value: unknown, prefix = ''): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidInput(parsed.error, prefix);
}

/** The query string by its schema. A parameter that is given twice is refused. */
export function readQuery<T>(c: HonoContext, schema: z.ZodType<T>): T {
  const entries = Object.entries(c.req.queries());
  const twice = entries.filter(([, values]) => values.length > 1);
  if (twice.length > 0) {
    throw new AppError('invalid_input', 'A parameter is there more than once.', {
      errors: twice.map(([name]) => ({ pointer: `/${name}`, message: 'must be given once' })),
    });
  }
  return parseWith(schema, Object.fromEntries(entries.map(([name, [value]]) => [name, value])));
}

function checkType(c: HonoContext): void {
  const type = c.req.header('content-type');
  if (type !== undefined && JSON_TYPE.test(type)) return;
  // A browser cannot send JSON across sites without asking first, but it can send curl's type and none at all.
  const fromBrowser = c.req.header('origin') !== undefined || c.req.header('sec-fetch-site') !== undefined;
  if ((type === undefined || CURL_TYPE.test(type)) && !fromBrowser) return;
  throw new AppError('unsupported_media_type', 'Send the body as application/json.', {
    errors: [{ pointer: '', message: 'Content-Type must be application/json' }],
  });
}

/** Within the limit, by what the client declares or, where it does not, by counting. */
async function readBytes(c: HonoContext): Promise<Uint8Array> {
  const { raw } = c.req;
  try {
    const declared = c.req.header('content-length');
    if (declared === undefined) return await readCounted(raw.body);
    if (Number(declared) > MAX_BODY_BYTES) throw tooLarge();
    return new Uint8Array(await raw.arrayBuffer());
  } catch (error) {
    // Reading again is a TypeError; what else can go wrong is the connection.
    if (error instanceof TypeError || error instanceof AppError) throw error;
    throw cancelledError(raw.signal, error);
  }
}

async function readCounted(body: ReadableStream<Uint8Array> | null): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(): AppError {
  return new AppError('payload_too_large', 'The body may have at most 1 MiB.');
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new AppError('bad_request', 'The body is not valid UTF-8.', {
      errors: [{ pointer: '', message: 'must be JSON in UTF-8' }],
    });
  }
}

function isDeeperThan(depth: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((inner) => isDeeperThan(depth - 1, inner));
}
