import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { parse as parseYaml } from 'yaml';
import type { Engine } from '../context.ts';
import type { Database } from '../db/connect.ts';
import { AppError } from '../errors.ts';
import { explainFileError } from '../intake/read-items.ts';
import { contentVersion } from '../policies/content-version.ts';
import { KINDS } from '../policies/kinds.ts';
import { withVersion } from '../policies/policy-in-force.ts';
import { findDocument } from '../policies/versions.ts';
import type { Policy } from '../policy.ts';
import { completeDocument } from './complete-document.ts';

/** Where rules are kept that have a version: `active`, `shipped`, or a hash. */
const NAMED = /^(?:active|shipped|[\da-f]{12})$/u;
const RULE_FILE = /\.(?:ya?ml|json)$/iu;
const MAX_LISTED = 50;

/** Whether a source is a version in the database, not a file or the shipped one. */
export function isKept(source: string): boolean {
  return NAMED.test(source) && source !== 'shipped';
}

/**
 * The policy with the rules of a source: `active`, `shipped`, the hash of a version, a file of rules, or a folder of
 * such files (or one with a `rules` folder in it). Scopes and currencies that a source does not bring are the shipped ones.
 *
 * @throws AppError `file_error`, `not_found`, or `bad_data_file` with all problems
 */
export async function loadSource(
  { policy, database }: Pick<Engine, 'policy'> & { readonly database?: Database },
  source: string,
): Promise<Policy> {
  if (source === 'shipped') return policy.shipped;
  if (source === 'active') return policy.current;
  const isVersion = NAMED.test(source);
  const document = isVersion ? await readVersion(database, source) : await readPath(source);
  const whole = completeDocument(document, policy.shipped.documents.rules);
  const { parts, problems } = KINDS.rules(whole, policy.taxonomy);
  if (parts !== undefined)
    return withVersion(policy.current, 'rules', { version: contentVersion(whole), document: whole, parts });
  const lines = problems.slice(0, MAX_LISTED).map(({ pointer, message }) => `  ${pointer}: ${message}`);
  const more = problems.length > MAX_LISTED ? [`  … ${problems.length - MAX_LISTED} more`] : [];
  throw new AppError('bad_data_file', [`${source} cannot be used:`, ...lines, ...more].join('\n'));
}

async function readVersion(database: Database | undefined, version: string): Promise<unknown> {
  const document = database && (await findDocument(database.kysely, 'rules', version));
  if (document === undefined) throw new AppError('not_found', `There is no version ${version} of the rules.`);
  return document;
}

async function readPath(source: string): Promise<unknown> {
  try {
    if (!(await stat(source)).isDirectory()) return parseFile(source, await readFile(source, 'utf8'));
    return await readFolder(source);
  } catch (error) {
    throw explainFileError(error, source);
  }
}

/** All rules of a folder, in the order of the files' names. */
async function readFolder(folder: string): Promise<unknown> {
  const names = await readdir(folder);
  if (names.includes('rules')) {
    const rules = await readFolder(path.join(folder, 'rules'));
    const scopes = await readOptional(path.join(folder, 'lexicons', 'scope.yaml'));
    const currencies = await readOptional(path.join(folder, 'currencies.json'));
    return {
      ...Object(rules),
      ...(scopes !== undefined && { scopes }),
      ...(currencies !== undefined && { currencies }),
    };
  }
  const files = names.filter((name) => RULE_FILE.test(name)).sort();
  if (files.length === 0)
    throw new AppError('file_error', `${folder}: there is no file of rules in it (*.yaml, *.json)`);
  const rules: unknown[] = [];
  for (const name of files) {
    const file = path.join(folder, name);
    const content: unknown = parseFile(file, await readFile(file, 'utf8'));
    const own = typeof content === 'object' && content !== null && 'rules' in content ? content.rules : undefined;
    if (!Array.isArray(own)) throw new AppError('bad_data_file', `${file} has no list of rules.`);
    rules.push(...own);
  }
  return { rules };
}

async function readOptional(file: string): Promise<unknown> {
  try {
    return parseFile(file, await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** YAML, of which JSON is a part. */
function parseFile(file: string, text: string): unknown {
  try {
    return parseYaml(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('bad_data_file', `${file} is not well-formed: ${reason}`, { cause });
  }
}
