import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { glossarySchema } from './clusters/naming/glossary.ts';
import { clusterTitlesSchema, genericWordsSchema, type NameLexicon } from './clusters/naming/name-lexicon.ts';
import { type FixNoticeTexts, fixNoticeSchema } from './clusters/work/fix-notice.ts';
import { AppError } from './errors.ts';
import { contentVersion } from './policies/content-version.ts';
import { KINDS, type PolicyKind, type PolicyParts } from './policies/kinds.ts';
import { findWrongNames, type Placed } from './policy-names.ts';
import { type MailTexts, mailTextsSchema } from './replies/connectors/mail-texts.ts';
import { type Situation, situationSchema } from './replies/template.ts';
import { findTemplateProblems } from './replies/template-names.ts';
import { Concepts, conceptsSchema } from './text/concepts.ts';
import type { CueRule } from './text/segment.ts';
import { type FollowUpTexts, followUpSchema } from './triage/follow-up.ts';
import { routingSchema } from './triage/routing.ts';
import { cueLexiconSchema, ruleFileSchema, scopeLexiconSchema } from './triage/rules.ts';
import { currenciesSchema, type ReadyRules, type RulesDocument, readyRules } from './triage/rules-document.ts';
import { slaSchema } from './triage/sla-policy.ts';
import { findUnknownQueues } from './triage/sla-queues.ts';
import { type Seed, seedSchema, type Taxonomy, taxonomySchema } from './triage/taxonomy.ts';

/** Everything of `data/` that a decision depends on, checked and hashed. */
export interface Policy extends PolicyParts {
  readonly taxonomy: Taxonomy;
  readonly followUp: FollowUpTexts;
  readonly fixNotice: FixNoticeTexts;
  readonly mail: MailTexts;
  /** What is said to customers, by situation. */
  readonly replies: readonly Situation[];
  readonly seeds: readonly Seed[];
  /** The text of the seed example of this id. */
  exampleText(id: string): string | undefined;
  /** Words that Chinese segmentation keeps whole. */
  readonly words: readonly string[];
  /** What people do with words: features of the heads. */
  readonly cues: readonly CueRule[];
  /** What words of both languages mean alike. */
  readonly concepts: Concepts;
  /** Words, titles and patterns that name clusters. */
  readonly naming: NameLexicon;
  readonly versions: PolicyVersions;
  /** What the versioned parts were made from. */
  readonly documents: Readonly<Record<PolicyKind, unknown>>;
}

/**
 * The first 12 hexadecimal digits of a SHA-256: over the content of the document for what is kept in versions, over the
 * files’ bytes for the rest.
 */
export interface PolicyVersions extends Readonly<Record<PolicyKind, string>> {
  readonly taxonomy: string;
  /** Seed examples, cues and the words of the trade: what the heads are trained from. */
  readonly seeds: string;
}

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
  const texts = await readTexts(files, taxonomy.typed);
  const seedTexts = textsById(seeds);
  const rules = ruleFiles.flatMap(({ place, value }) => value.typed.rules.map((rule) => ({ place, value: rule })));
  const documents = {
    rules: {
      rules: ruleFiles.flatMap(({ value }) => rawRules(value.raw)),
      scopes: scopes.raw,
      currencies: currencies.raw,
    },
    sla: sla.raw,
    routing: routing.raw,
  };
  const routingProblems = KINDS.routing(documents.routing, taxonomy.typed).problems ?? [];
  const problems = [
    ...findWrongNames(taxonomy.typed, rules, seeds),
    ...routingProblems.map(({ pointer, message }) => `data/routing.yaml: ${dotted(pointer)}: ${message}`),
    ...findUnknownQueues(sla.typed, routing.typed).map(
      ({ pointer, message }) => `data/sla.yaml: ${dotted(pointer)}: ${message}`,
    ),
  ];
  if (problems.length > 0) throw new AppError('bad_data_file', problems.join('\n'));
  return {
    taxonomy: taxonomy.typed,
    ...makeReady({ rules: rules.map(({ value }) => value), scopes: scopes.typed, currencies: currencies.typed }),
    sla: sla.typed,
    routing: routing.typed,
    seeds: seeds.map(({ value }) => value),
    exampleText: (id) => seedTexts.get(id),
    words: words.split('\n').filter((line) => line !== '' && !line.startsWith('#')),
    ...texts,
    cues: Object.entries(cueFile.typed.cues).map(([name, phrases]) => ({ name, phrases })),
    documents,
    versions: {
      taxonomy: files.version(['taxonomy.json']),
      rules: contentVersion(documents.rules),
      sla: contentVersion(documents.sla),
      routing: contentVersion(documents.routing),
      seeds: files.version(['seeds/', 'lexicons/words.txt', 'lexicons/cues.yaml']),
    },
  };
}

/** A file as it was written and as its schema reads it. */
interface Read<T> {
  readonly raw: unknown;
  readonly typed: T;
}

function rawRules(file: unknown): unknown[] {
  return z.object({ rules: z.array(z.unknown()) }).parse(file).rules;
}

/** What names are made of, and what customers are written. */
async function readTexts(
  files: PolicyFiles,
  taxonomy: Taxonomy,
): Promise<Pick<Policy, 'naming' | 'concepts' | 'replies' | 'followUp' | 'fixNotice' | 'mail'>> {
  const [followUp, fixNotice, mail] = await Promise.all([
    files.parse('follow-up.yaml', followUpSchema),
    files.parse('fix-notice.yaml', fixNoticeSchema),
    files.parse('mail.yaml', mailTextsSchema),
  ]);
  const [naming, replies] = await Promise.all([readNaming(files, taxonomy), readReplies(files, taxonomy)]);
  return { ...naming, replies, followUp: followUp.typed, fixNotice: fixNotice.typed, mail: mail.typed };
}

/** What clusters are named with, and the concepts of both languages. */
async function readNaming(files: PolicyFiles, taxonomy: Taxonomy): Promise<Pick<Policy, 'naming' | 'concepts'>> {
  const [generic, titles, concepts] = await Promise.all([
    files.parse('lexicons/generic-words.yaml', genericWordsSchema),
    files.parse('lexicons/cluster-titles.yaml', clusterTitlesSchema),
    files.parse('lexicons/concepts.yaml', conceptsSchema),
  ]);
  const known = new Set(taxonomy.topics.map(({ key }) => key));
  const wrong = titles.typed.titles.filter(({ topic }) => !known.has(topic)).map(({ topic }) => `"${topic}"`);
  if (wrong.length > 0)
    throw new AppError(
      'bad_data_file',
      `data/lexicons/cluster-titles.yaml: no topic ${wrong.join(', ')} in data/taxonomy.json`,
    );
  const glossary = glossarySchema.parse(concepts.raw);
  return {
    naming: { ...titles.typed, generic: generic.typed, glossary, concepts: concepts.typed.concepts },
    concepts: new Concepts(concepts.typed.concepts),
  };
}

function textsById(seeds: readonly Placed<Seed>[]): ReadonlyMap<string, string> {
  return new Map(seeds.map(({ value }) => [value.id, value.text]));
}

/** What replies are made from. */
async function readReplies(files: PolicyFiles, taxonomy: Taxonomy): Promise<Situation[]> {
  const read = await files.parseAll('replies', '.yaml', situationSchema);
  const situations = read.map(({ place, value }) => ({ place, value: value.typed }));
  const problems = findTemplateProblems(taxonomy, situations);
  if (problems.length > 0) throw new AppError('bad_data_file', problems.join('\n'));
  return situations.map(({ value }) => value);
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

  async parse<T>(name: string, schema: z.ZodType<T>): Promise<Read<T>> {
    const text = await this.text(name);
    return check(`data/${name}`, () => (name.endsWith('.yaml') ? parseYaml(text) : JSON.parse(text)), schema);
  }

  async parseAll<T>(folder: string, extension: string, schema: z.ZodType<T>): Promise<Placed<Read<T>>[]> {
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
        if (line.trim() !== '') seeds.push({ place, value: check(place, () => JSON.parse(line), seedSchema).typed });
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

function check<T>(place: string, parse: () => unknown, schema: z.ZodType<T>): Read<T> {
  const raw = parseDocument(place, parse);
  const parsed = schema.safeParse(raw);
  if (parsed.success) return { raw, typed: parsed.data };
  const list = parsed.error.issues.map(({ path: at, message }) => `  ${at.join('.')}: ${message}`);
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

function dotted(pointer: string): string {
  return pointer.slice(1).replaceAll('/', '.');
}

function makeReady(document: RulesDocument): ReadyRules {
  try {
    return readyRules(document);
  } catch (cause) {
    throw new AppError('bad_data_file', `data/rules: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
