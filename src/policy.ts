import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { clusterTitlesSchema, genericWordsSchema, type NameLexicon } from './clusters/name-lexicon.ts';
import { AppError } from './errors.ts';
import { findWrongNames, type Placed } from './policy-names.ts';
import type { CueRule } from './text/segment.ts';
import { type AmountReader, createAmountReader } from './triage/amounts.ts';
import { orderRules } from './triage/order-rules.ts';
import { type Routing, routingSchema } from './triage/routing.ts';
import { createRuleBook, type RuleBook } from './triage/rule-book.ts';
import { cueLexiconSchema, type Rule, ruleFileSchema, type ScopeLexicon, scopeLexiconSchema } from './triage/rules.ts';
import { type Sla, slaSchema } from './triage/sla.ts';
import { type Seed, seedSchema, type Taxonomy, taxonomySchema } from './triage/taxonomy.ts';

/** Everything of `data/` that a decision depends on, checked and hashed. */
export interface Policy {
  readonly taxonomy: Taxonomy;
  readonly ruleBook: RuleBook;
  readonly sla: Sla;
  readonly routing: Routing;
  readonly readAmounts: AmountReader;
  readonly seeds: readonly Seed[];
  /** The text of the seed example of this id. */
  exampleText(id: string): string | undefined;
  /** Words that Chinese segmentation keeps whole. */
  readonly words: readonly string[];
  /** What people do with words: features of the heads. */
  readonly cues: readonly CueRule[];
  /** Words, titles and patterns that name clusters. */
  readonly naming: NameLexicon;
  readonly versions: PolicyVersions;
}

/** The first 12 hexadecimal digits of a SHA-256 over the files' bytes. */
export interface PolicyVersions {
  readonly taxonomy: string;
  /** Rules, scopes, currencies, deadlines and routing. */
  readonly rules: string;
  /** Seed examples, cues and the words of the trade: what the heads are trained from. */
  readonly seeds: string;
}

const currenciesSchema = z
  .strictObject({
    version: z.string(),
    comment: z.string().optional(),
    usd_per_unit: z.record(z.string(), z.number().positive()),
    names: z.record(z.string().min(1), z.string()),
  })
  .superRefine(({ usd_per_unit, names }, context) => {
    for (const [name, currency] of Object.entries(names)) {
      if (usd_per_unit[currency] === undefined)
        context.addIssue({ code: 'custom', path: ['names', name], message: `there is no rate for ${currency}` });
    }
  });

/**
 * Reads and checks all policy files under `folder`.
 *
 * @throws AppError `bad_data_file` naming the file, the place in it and what is wrong.
 */
export async function loadPolicy(folder: string): Promise<Policy> {
  const files = new PolicyFiles(folder);
  const [taxonomy, scopes, sla, routing, currencies, ruleFiles, seeds, words, cueFile] = await Promise.all([
    files.parse('taxonomy.json', taxonomySchema),
    files.parse('lexicons/scope.yaml', scopeLexiconSchema),
    files.parse('sla.yaml', slaSchema),
    files.parse('routing.yaml', routingSchema),
    files.parse('currencies.json', currenciesSchema),
    files.parseAll('rules', '.yaml', ruleFileSchema),
    files.seeds(),
    files.text('lexicons/words.txt'),
    files.parse('lexicons/cues.yaml', cueLexiconSchema),
  ]);
  const naming = await readNaming(files, taxonomy);
  const seedTexts = new Map(seeds.map(({ value }) => [value.id, value.text]));
  const rules = ruleFiles.flatMap(({ place, value }) => value.rules.map((rule) => ({ place, value: rule })));
  const problems = findWrongNames(taxonomy, rules, { place: 'data/routing.yaml', value: routing }, seeds);
  if (problems.length > 0) throw new AppError('bad_data_file', problems.join('\n'));
  return {
    taxonomy,
    ruleBook: bookOf(
      rules.map(({ value }) => value),
      scopes,
    ),
    sla,
    routing,
    readAmounts: createAmountReader({ usdPerUnit: currencies.usd_per_unit, names: currencies.names }),
    seeds: seeds.map(({ value }) => value),
    exampleText: (id) => seedTexts.get(id),
    words: words.split('\n').filter((line) => line !== '' && !line.startsWith('#')),
    naming,
    cues: Object.entries(cueFile.cues).map(([name, phrases]) => ({ name, phrases })),
    versions: {
      taxonomy: files.version(['taxonomy.json']),
      rules: files.version(['rules/', 'lexicons/scope.yaml', 'currencies.json', 'sla.yaml', 'routing.yaml']),
      seeds: files.version(['seeds/', 'lexicons/words.txt', 'lexicons/cues.yaml']),
    },
  };
}

/** What clusters are named with. */
async function readNaming(files: PolicyFiles, taxonomy: Taxonomy): Promise<NameLexicon> {
  const [generic, titles] = await Promise.all([
    files.parse('lexicons/generic-words.yaml', genericWordsSchema),
    files.parse('lexicons/cluster-titles.yaml', clusterTitlesSchema),
  ]);
  const known = new Set(taxonomy.topics.map(({ key }) => key));
  const wrong = titles.titles.filter(({ topic }) => !known.has(topic)).map(({ topic }) => `"${topic}"`);
  if (wrong.length > 0)
    throw new AppError(
      'bad_data_file',
      `data/lexicons/cluster-titles.yaml: no topic ${wrong.join(', ')} in data/taxonomy.json`,
    );
  return { ...titles, generic };
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
    return check(`data/${name}`, () => (name.endsWith('.yaml') ? parseYaml(text) : JSON.parse(text)), schema);
  }

  async parseAll<T>(folder: string, extension: string, schema: z.ZodType<T>): Promise<Placed<T>[]> {
    const names = (await this.#list(folder)).filter((name) => name.endsWith(extension));
    return Promise.all(
      names.map(async (name) => ({
        place: `data/${folder}/${name}`,
        value: await this.parse(`${folder}/${name}`, schema),
      })),
    );
  }

  async seeds(): Promise<Placed<Seed>[]> {
    const names = (await this.#list('seeds')).filter((name) => name.endsWith('.jsonl'));
    const seeds: Placed<Seed>[] = [];
    for (const name of names) {
      const lines = (await this.text(`seeds/${name}`)).split('\n');
      lines.forEach((line, index) => {
        const place = `data/seeds/${name} line ${index + 1}`;
        if (line.trim() !== '') seeds.push({ place, value: check(place, () => JSON.parse(line), seedSchema) });
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

function check<T>(place: string, parse: () => unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(parseDocument(place, parse));
  if (parsed.success) return parsed.data;
  const list = parsed.error.issues.flatMap((issue) => describeIssue(issue, [])).map((line) => `  ${line}`);
  throw new AppError('bad_data_file', `${place} does not fit its schema:\n${list.join('\n')}`);
}

function parseDocument(place: string, parse: () => unknown): unknown {
  try {
    return parse();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('bad_data_file', `${place} is not well-formed: ${reason}`, { cause });
  }
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

function bookOf(rules: readonly Rule[], scopes: ScopeLexicon): RuleBook {
  try {
    return createRuleBook(orderRules(rules), scopes);
  } catch (cause) {
    throw new AppError('bad_data_file', `data/rules: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
