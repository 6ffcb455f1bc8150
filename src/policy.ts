import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { AppError } from './errors.ts';
import { type AmountReader, createAmountReader } from './triage/amounts.ts';
import { orderRules } from './triage/order-rules.ts';
import { type Routing, routingSchema } from './triage/routing.ts';
import { type Condition, type Rule, ruleFileSchema, type ScopeLexicon, scopeLexiconSchema } from './triage/rules.ts';
import { type Sla, slaSchema } from './triage/sla.ts';
import { type Seed, seedSchema, type Taxonomy, taxonomySchema } from './triage/taxonomy.ts';

/** Everything of `data/` that a decision depends on, checked and hashed. */
export interface Policy {
  readonly taxonomy: Taxonomy;
  readonly rules: readonly Rule[];
  readonly scopes: ScopeLexicon;
  readonly sla: Sla;
  readonly routing: Routing;
  readonly readAmounts: AmountReader;
  readonly seeds: readonly Seed[];
  /** Words that Chinese segmentation keeps whole. */
  readonly words: readonly string[];
  readonly versions: PolicyVersions;
}

/** The first 12 hexadecimal digits of a SHA-256 over the files' bytes. */
export interface PolicyVersions {
  readonly taxonomy: string;
  /** Rules, scopes, currencies, deadlines and routing. */
  readonly rules: string;
  /** Seed examples and the words of the trade: what the heads are trained from. */
  readonly seeds: string;
}

const currenciesSchema = z.strictObject({
  version: z.string(),
  comment: z.string().optional(),
  usd_per_unit: z.record(z.string(), z.number().positive()),
  names: z.record(z.string(), z.string()),
});

/**
 * Reads and checks all policy files under `folder`.
 *
 * @throws AppError `bad_data_file` naming the file, the place in it and what is wrong.
 */
export async function loadPolicy(folder: string): Promise<Policy> {
  const files = new PolicyFiles(folder);
  const [taxonomy, scopes, sla, routing, currencies, ruleFiles, seedFiles, words] = await Promise.all([
    files.parse('taxonomy.json', taxonomySchema),
    files.parse('lexicons/scope.yaml', scopeLexiconSchema),
    files.parse('sla.yaml', slaSchema),
    files.parse('routing.yaml', routingSchema),
    files.parse('currencies.json', currenciesSchema),
    files.parseAll('rules', '.yaml', ruleFileSchema),
    files.seeds(),
    files.text('lexicons/words.txt'),
  ]);
  const rules = ruleFiles.flatMap((file) => file.rules);
  checkNames(rules, taxonomy);
  checkSeeds(seedFiles, taxonomy);
  return {
    taxonomy,
    rules: inOrder(rules),
    scopes,
    sla,
    routing,
    readAmounts: createAmountReader({ usdPerUnit: currencies.usd_per_unit, names: currencies.names }),
    seeds: seedFiles,
    words: words.split('\n').filter((line) => line !== '' && !line.startsWith('#')),
    versions: {
      taxonomy: files.version(['taxonomy.json']),
      rules: files.version(['rules/', 'lexicons/scope.yaml', 'currencies.json', 'sla.yaml', 'routing.yaml']),
      seeds: files.version(['seeds/', 'lexicons/words.txt']),
    },
  };
}

class PolicyFiles {
  readonly #folder: string;
  readonly #digests = new Map<string, string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async text(name: string): Promise<string> {
    try {
      const bytes = await readFile(path.join(this.#folder, name));
      this.#digests.set(name, createHash('sha256').update(bytes).digest('hex'));
      return bytes.toString('utf8');
    } catch (cause) {
      throw new AppError('bad_data_file', `data/${name} cannot be read`, { cause });
    }
  }

  async parse<T>(name: string, schema: z.ZodType<T>): Promise<T> {
    const text = await this.text(name);
    return check(name, '', parseDocument(name, text), schema);
  }

  async parseAll<T>(folder: string, extension: string, schema: z.ZodType<T>): Promise<T[]> {
    const names = (await this.#list(folder)).filter((name) => name.endsWith(extension));
    return Promise.all(names.map((name) => this.parse(`${folder}/${name}`, schema)));
  }

  async seeds(): Promise<Seed[]> {
    const names = (await this.#list('seeds')).filter((name) => name.endsWith('.jsonl'));
    const seeds: Seed[] = [];
    for (const name of names) {
      const lines = (await this.text(`seeds/${name}`)).split('\n');
      lines.forEach((line, index) => {
        if (line.trim() !== '')
          seeds.push(check(`seeds/${name}`, `line ${index + 1}: `, parseDocument(`seeds/${name}`, line), seedSchema));
      });
    }
    return seeds;
  }

  async #list(folder: string): Promise<string[]> {
    try {
      return (await readdir(path.join(this.#folder, folder))).sort();
    } catch (cause) {
      throw new AppError('bad_data_file', `data/${folder} cannot be read`, { cause });
    }
  }

  /** One hash over the files whose names begin with one of `prefixes`. */
  version(prefixes: readonly string[]): string {
    const hash = createHash('sha256');
    for (const [name, digest] of [...this.#digests].sort(([left], [right]) => (left < right ? -1 : 1))) {
      if (prefixes.some((prefix) => name.startsWith(prefix))) hash.update(`${name}\0${digest}\n`);
    }
    return hash.digest('hex').slice(0, 12);
  }
}

function parseDocument(name: string, text: string): unknown {
  try {
    return name.endsWith('.yaml') ? parseYaml(text) : JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('bad_data_file', `data/${name} is not well-formed: ${reason}`, { cause });
  }
}

function check<T>(name: string, where: string, value: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const list = parsed.error.issues
    .flatMap((issue) => describeIssue(issue, []))
    .map((line) => `  ${where}${line}`)
    .join('\n');
  throw new AppError('bad_data_file', `data/${name} does not fit its schema:\n${list}`);
}

/** One line per problem. Of the branches of a union, the one that fits best speaks. */
function describeIssue(issue: z.core.$ZodIssue, before: readonly PropertyKey[]): string[] {
  const at = [...before, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [`${at.join('.')}: ${issue.message}`];
  const misfit = (branch: readonly z.core.$ZodIssue[]) =>
    branch.filter((inner) => inner.path.length === 0 || inner.code === 'unrecognized_keys').length * 100 +
    branch.length;
  const [best] = [...issue.errors].sort((left, right) => misfit(left) - misfit(right));
  return (best ?? []).flatMap((inner) => describeIssue(inner, at));
}

function inOrder(rules: readonly Rule[]): Rule[] {
  try {
    return orderRules(rules);
  } catch (cause) {
    throw new AppError('bad_data_file', `data/rules: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

function checkNames(rules: readonly Rule[], taxonomy: Taxonomy): void {
  const keys = { flag: keySet(taxonomy.risk_flags), type: keySet(taxonomy.types), topic: keySet(taxonomy.topics) };
  const seen = new Set<string>();
  const problems: string[] = [];
  for (const rule of rules) {
    if (seen.has(rule.name)) problems.push(`${rule.name}: the name is used twice`);
    seen.add(rule.name);
    const { flag, type } = rule.then;
    if (flag !== undefined && !keys.flag.has(flag)) problems.push(`${rule.name}: there is no risk flag ${flag}`);
    if (type !== undefined && !keys.type.has(type)) problems.push(`${rule.name}: there is no type ${type}`);
    for (const [kind, name] of namesIn(rule.when)) {
      if (!keys[kind].has(name)) problems.push(`${rule.name}: there is no ${kind} ${name}`);
    }
  }
  if (problems.length > 0) throw new AppError('bad_data_file', `data/rules:\n  ${problems.join('\n  ')}`);
}

function namesIn(condition: Condition): ['flag' | 'type' | 'topic', string][] {
  if ('type' in condition) return condition.type.map((name) => ['type', name]);
  if ('topic' in condition) return condition.topic.map((name) => ['topic', name]);
  if ('learned' in condition) return [['flag', condition.learned.flag]];
  if ('all' in condition) return condition.all.flatMap(namesIn);
  if ('any' in condition) return condition.any.flatMap(namesIn);
  return 'not' in condition ? namesIn(condition.not) : [];
}

function checkSeeds(seeds: readonly Seed[], taxonomy: Taxonomy): void {
  const types = keySet(taxonomy.types);
  const topics = keySet(taxonomy.topics);
  const flags = keySet(taxonomy.risk_flags);
  const problems = seeds.flatMap((seed) => [
    ...(types.has(seed.type) ? [] : [`${seed.id}: there is no type ${seed.type}`]),
    ...seed.topics.filter((topic) => !topics.has(topic)).map((topic) => `${seed.id}: there is no topic ${topic}`),
    ...seed.risk_flags.filter((flag) => !flags.has(flag)).map((flag) => `${seed.id}: there is no risk flag ${flag}`),
  ]);
  if (problems.length > 0) throw new AppError('bad_data_file', `data/seeds:\n  ${problems.join('\n  ')}`);
}

function keySet(labels: readonly { readonly key: string }[]): Set<string> {
  return new Set(labels.map((label) => label.key));
}
