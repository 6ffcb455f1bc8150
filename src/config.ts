import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import './zod-messages.ts';
import { AppError, type FieldError } from './errors.ts';
import { parseSmtpUrl } from './smtp-url.ts';
import { parseMailbox } from './text/mail-address.ts';
import { CHANNELS } from './triage/facts.ts';

/** The folder that holds package.json, data/ and models/, whether this file runs from src/ or dist/. */
export const PROJECT_ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

const flag = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1');
/** Values separated by commas, each by the schema. */
const listOf = <T>(schema: z.ZodType<T, string>) =>
  z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((part) => part.trim().toLowerCase())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(schema));
const hostName = z.string().regex(/^(?:[a-z0-9-]+\.)+[a-z0-9-]+$/u, 'must be host names such as help.example.com');
/** An address that may carry what customers are told: TLS, or this machine. */
const outgoing = z
  .url({ protocol: /^https?$/u, message: 'must be an address that starts with https://' })
  .refine((address) => {
    const { protocol, hostname } = new URL(address);
    return protocol === 'https:' || isLoopback(hostname.replace(/^\[|\]$/gu, ''));
  }, 'must start with https:// unless it is on this machine')
  .optional();
const price = z.coerce.number().min(0).max(1_000_000).optional();
const whole = (minimum: number, maximum: number) => z.coerce.number().int().min(minimum).max(maximum);

/** One entry per environment variable; `describe` is what `docs/operations.md` prints. */
export const settingsSchema = z.object({
  HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address to listen on. Any address but loopback requires API_KEYS.'),
  PORT: whole(0, 65_535).default(8080).describe('Port to listen on; 0 takes a free one.'),
  API_KEYS: z
    .string()
    .default('')
    .describe(
      'Keys that may call the service: `name=sha256hex`, separated by commas. `npm run keys -- new NAME` makes one.',
    ),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgres:// or postgresql://')
    .optional()
    .describe('PostgreSQL 15 or newer with pgvector. Without it the embedded database in DATA_DIR is used.'),
  DATA_DIR: z
    .string()
    .min(1)
    .default('var')
    .describe('Folder for the embedded database, the vault key and trained heads.'),
  DATABASE_POOL_SIZE: whole(1, 200).default(10).describe('Connections to PostgreSQL.'),
  STATEMENT_TIMEOUT_MS: whole(100, 600_000).default(30_000).describe('Deadline of one SQL statement, milliseconds.'),
  MODEL_DIR: z
    .string()
    .min(1)
    .default('models/multilingual-e5-small')
    .describe('Folder of the encoder, or a model id of the Hugging Face hub with MODEL_SOURCE=hub.'),
  MODEL_SOURCE: z
    .enum(['local', 'hub'])
    .default('local')
    .describe('`hub` downloads the model by its id; `local` never uses the network.'),
  MODEL_POOLING: z
    .enum(['sentence_embedding', 'mean'])
    .default('sentence_embedding')
    .describe('Which output is the vector: the graph’s own, or the mean of `last_hidden_state`.'),
  MODEL_QUERY_PREFIX: z
    .string()
    .max(100)
    .default('query: ')
    .describe('Put before texts that are compared with one another.'),
  MODEL_PASSAGE_PREFIX: z.string().max(100).default('passage: ').describe('Put before documents that are searched.'),
  MODEL_DTYPE: z
    .string()
    .max(10)
    .default('q8')
    .describe('Which weights file of the model is loaded (`q8`, `fp32`, …).'),
  ENCODER_SESSIONS: whole(1, 64)
    .default(Math.max(1, availableParallelism()))
    .describe('Encoder sessions, one thread each.'),
  ENCODER_QUEUE: whole(1, 100_000)
    .default(256)
    .describe('Texts that may wait for a session before requests are refused with 503.'),
  ENCODER_DEADLINE_MS: whole(100, 600_000).default(15_000).describe('Longest wait of one text, milliseconds.'),
  ENCODER_CACHE: whole(0, 1_000_000).default(10_000).describe('Sentence vectors kept in memory.'),
  VAULT_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'must be 64 hexadecimal digits (32 bytes)')
    .optional()
    .describe('Key of the vault for originals and personal data. Without it one is made in DATA_DIR (mode 600).'),
  REVIEW_SAMPLE_PERCENT: whole(0, 100)
    .default(5)
    .describe('Share of random items that are put up for review, so that errors of confident decisions show.'),
  TRAIN_AFTER_CORRECTIONS: whole(1, 1_000_000)
    .default(25)
    .describe('Corrections after which a new model version is trained by itself.'),
  FOLLOW_UP_AFTER_HOURS: whole(1, 8_760)
    .default(72)
    .describe('Hours after a solution at which the customer is asked whether it is one.'),
  CLOSE_AFTER_HOURS: whole(1, 8_760)
    .default(168)
    .describe('Hours that the customer has to answer that question before the item is closed.'),
  FORGOTTEN_AFTER_HOURS: whole(1, 8_760)
    .default(48)
    .describe('Hours without any change after which an open item counts as forgotten.'),
  TIME_ZONE: z
    .string()
    .min(1)
    .default('Asia/Shanghai')
    .refine(isTimeZone, 'must be an IANA time zone such as Asia/Shanghai')
    .describe('Business time zone for deadlines.'),
  REPLY_LINK_HOSTS: listOf(hostName).describe(
    'Hosts that links in replies may lead to, separated by commas; their subdomains too.',
  ),
  REPLY_WEBHOOK_URL: outgoing.describe('Where replies that a person has accepted are posted to be sent to customers.'),
  REPLY_WEBHOOK_SECRET: z
    .string()
    .min(16)
    .optional()
    .describe('Signs what is posted there: `X-Signature: sha256=…`, the HMAC of the body.'),
  SMTP_URL: z
    .string()
    .refine(
      (url) => parseSmtpUrl(url) !== undefined,
      'must be such as smtp://user:password@mail.example.com:587 or smtps://…:465: user and password percent-encoded, both or neither, and nothing after the port',
    )
    .optional()
    .describe('Mail server that takes replies which a person has accepted: `smtp://` (STARTTLS) or `smtps://`.'),
  SMTP_FROM: z
    .string()
    .refine(
      (mailbox) => parseMailbox(mailbox) !== undefined,
      'must be an address or a name and an address, such as Support <support@example.com>',
    )
    .optional()
    .describe('Whom these mails are from: an address, or `Name <address>`.'),
  SMTP_TLS: z
    .enum(['required', 'optional'])
    .optional()
    .describe(
      '`required`: a mail goes out under TLS with a valid certificate or not at all; `optional`: under TLS where the server offers it. Unless given `required`, and `optional` for a server on this machine.',
    ),
  AUTO_ACKNOWLEDGE: listOf(z.enum(CHANNELS)).describe(
    'Channels on which receipt is acknowledged by itself, separated by commas; never where there is a risk. Needs SMTP_URL or REPLY_WEBHOOK_URL.',
  ),
  LLM_URL: outgoing.describe(
    'OpenAI-compatible endpoint (such as https://host/v1) that may reword drafts. Without it no model is asked.',
  ),
  LLM_MODEL: z.string().min(1).max(200).default('default').describe('Name of the model there.'),
  LLM_KEY: z.string().min(1).optional().describe('Key for that endpoint.'),
  LLM_TIMEOUT_MS: whole(100, 120_000).default(20_000).describe('Longest wait for its answer, milliseconds.'),
  LLM_TOKENS_PER_DAY: whole(1, 1_000_000_000)
    .default(1_000_000)
    .describe('Tokens that all replicas together may spend on it per day (UTC).'),
  LLM_PRICE_PER_MILLION_INPUT_TOKENS: price.describe(
    'Price of a million tokens that it reads, in whatever currency; the report of replies shows the cost.',
  ),
  LLM_PRICE_PER_MILLION_OUTPUT_TOKENS: price.describe(
    'Price of a million tokens that it writes, in the same currency.',
  ),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])
    .default('info')
    .describe('Least severe log line that is written.'),
  METRICS: flag.default(true).describe('Serve /metrics.'),
});

export interface ApiKey {
  readonly name: string;
  /** SHA-256 of the key, hexadecimal. */
  readonly sha256: string;
}

export type Config = Readonly<Omit<z.infer<typeof settingsSchema>, 'API_KEYS'>> & {
  readonly API_KEYS: readonly ApiKey[];
};

/**
 * Reads and checks every setting at once. A command that does not listen may run without keys whatever HOST says, as
 * in the image, which sets it for the service.
 *
 * @throws AppError `bad_configuration` with one entry per bad variable.
 */
export function loadConfig(
  environment: Record<string, string | undefined> = process.env,
  { listens = true }: { readonly listens?: boolean } = {},
): Config {
  const present = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = settingsSchema.safeParse(present);
  const errors: FieldError[] = parsed.success
    ? []
    : parsed.error.issues.map((issue) => ({ pointer: issue.path.join('.'), message: issue.message }));
  const keys = parseApiKeys(environment.API_KEYS ?? '', errors);
  const host = environment.HOST || '127.0.0.1';
  if (listens && !isLoopback(host) && keys.length === 0) {
    errors.push({
      pointer: 'HOST',
      message: `${host} can be reached from other machines, so API_KEYS must hold at least one key; or use HOST=127.0.0.1`,
    });
  }
  errors.push(...findMissing(present));
  if (!parsed.success || errors.length > 0) {
    const list = errors.map((error) => `  ${error.pointer}: ${error.message}`).join('\n');
    throw new AppError('bad_configuration', `The configuration is not usable:\n${list}`, { errors });
  }
  const resolve = (folder: string) => path.resolve(PROJECT_ROOT, folder);
  return {
    ...parsed.data,
    DATA_DIR: path.resolve(parsed.data.DATA_DIR),
    MODEL_DIR: parsed.data.MODEL_SOURCE === 'local' ? resolve(parsed.data.MODEL_DIR) : parsed.data.MODEL_DIR,
    API_KEYS: keys,
  };
}

/** Settings that need another one. */
function findMissing({
  AUTO_ACKNOWLEDGE,
  REPLY_WEBHOOK_URL,
  SMTP_URL,
  SMTP_FROM,
}: Readonly<Record<string, string | undefined>>): FieldError[] {
  const errors: FieldError[] = [];
  if (AUTO_ACKNOWLEDGE && !REPLY_WEBHOOK_URL && !SMTP_URL)
    errors.push({ pointer: 'AUTO_ACKNOWLEDGE', message: 'needs SMTP_URL or REPLY_WEBHOOK_URL, by which it is sent' });
  if (SMTP_URL && !SMTP_FROM) errors.push({ pointer: 'SMTP_FROM', message: 'must be given where SMTP_URL is' });
  return errors;
}

/**
 * ONNX Runtime (1.29 and later, Linux and macOS) writes a device id and sends usage events unless this is set before it
 * loads. transformers.js sets it too, but inside a worker thread `process.env` is a copy that native code never sees.
 */
export function refuseRuntimeTelemetry(environment: Record<string, string | undefined> = process.env): void {
  environment.ORT_DISABLE_TELEMETRY = '1';
}

export function isLoopback(host: string): boolean {
  return LOOPBACK.has(host);
}

function parseApiKeys(list: string, errors: FieldError[]): ApiKey[] {
  const keys: ApiKey[] = [];
  for (const entry of list.split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const match = /^([\w.-]{1,64})=([0-9a-f]{64})$/i.exec(entry);
    if (match?.[1] && match[2]) keys.push({ name: match[1], sha256: match[2].toLowerCase() });
    else errors.push({ pointer: 'API_KEYS', message: 'each entry must be name=sha256hex (64 hexadecimal digits)' });
  }
  return keys;
}

/** Whether the name is an IANA time zone. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
