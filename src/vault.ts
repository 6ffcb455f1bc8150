import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from './config.ts';
import { AppError } from './errors.ts';

const ALGORITHM = 'aes-256-gcm';
/** NIST SP 800-38D: 96-bit nonces, 128-bit tags. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** No value that `pseudonym` is ever given: those hold no U+0000. */
const FINGERPRINT_OF = 'feedback-triage\0vault key';

/** Seals originals and personal data. What is sealed for one item cannot be opened as another's. */
export interface Vault {
  /** Which key sealed a row: the first 16 hexadecimal digits of the key's SHA-256. */
  readonly keyId: string;
  /** Tells this key from others and nothing else of it: an HMAC under the key, 64 hexadecimal digits. */
  readonly fingerprint: string;
  seal(itemId: string, content: unknown): Uint8Array;
  /** @throws AppError `bad_configuration` when the key is another or the bytes were altered */
  open(itemId: string, sealed: Uint8Array): unknown;
  /** A stable name for a value that must not be stored itself. */
  pseudonym(value: string): string;
}

/** The vault under VAULT_KEY, or under the key in DATA_DIR, which is made on first use. */
export async function openVault(config: Pick<Config, 'VAULT_KEY' | 'DATA_DIR'>): Promise<Vault> {
  const key = Buffer.from(config.VAULT_KEY ?? (await readOrMakeKey(config.DATA_DIR)), 'hex');
  return {
    keyId: createHash('sha256').update(key).digest('hex').slice(0, 16),
    fingerprint: createHmac('sha256', key).update(FINGERPRINT_OF).digest('hex'),
    seal: (itemId, content) => seal(key, itemId, content),
    open: (itemId, sealed) => open(key, itemId, sealed),
    pseudonym: (value) => `p:${createHmac('sha256', key).update(value).digest('hex').slice(0, 32)}`,
  };
}

function seal(key: Buffer, itemId: string, content: unknown): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(itemId));
  const body = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

function open(key: Buffer, itemId: string, sealed: Uint8Array): unknown {
  const bytes = Buffer.from(sealed);
  try {
    // The length is fixed, or a shortened tag would be taken.
    const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(itemId));
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    return JSON.parse(text.toString('utf8'));
  } catch (cause) {
    throw new AppError(
      'bad_configuration',
      'A sealed original cannot be opened: VAULT_KEY is not the key that sealed it, or the row was altered.',
      { cause },
    );
  }
}

async function readOrMakeKey(dataDir: string): Promise<string> {
  const file = path.join(dataDir, 'vault.key');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  if (!existsSync(file)) await makeKey(file);
  await chmod(file, 0o600);
  const key = (await readFile(file, 'utf8')).trim();
  if (!/^[0-9a-f]{64}$/iu.test(key))
    throw new AppError(
      'bad_configuration',
      `${file} does not hold a key of 64 hexadecimal digits; restore it from a backup.`,
    );
  return key;
}

/** Written beside and linked, so that of several processes one makes the key and none reads half of it. */
async function makeKey(file: string): Promise<void> {
  const temporary = `${file}.${randomUUID()}`;
  try {
    // Flushed, because what is sealed under a key that a power cut takes away is lost.
    await writeFile(temporary, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600, flush: true });
    await link(temporary, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}
