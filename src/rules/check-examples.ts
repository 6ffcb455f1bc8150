import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Engine } from '../context.ts';
import type { Embedding } from '../embedding/encoder.ts';
import { throwIfCancelled } from '../errors.ts';
import { readDocument } from '../triage/document.ts';
import type { Example } from '../triage/examples.ts';
import { judge } from '../triage/judge.ts';
import type { Rule } from '../triage/rules.ts';
import type { ReadyRules } from '../triage/rules-document.ts';
import { SCOPE_NAMES, type Silencer, whySilent } from '../triage/silenced.ts';
import type { Bilingual } from '../triage/taxonomy.ts';
import { askedOfHeads, factsOf, NO_PREDICTION, needsHead } from './prepare-example.ts';

/** An example that does not do what it is there to show. */
export interface ExampleFailure {
  readonly rule: string;
  /** The list that it stands in, and its place there. */
  readonly list: 'fires' | 'silent';
  readonly at: number;
  readonly text: string;
  /** What kept the rule silent; for one that fired in spite of it, the rule's own sentence. */
  readonly why: readonly Bilingual[];
}

export interface CheckedExamples {
  readonly rules: number;
  readonly examples: number;
  readonly failures: readonly ExampleFailure[];
}

export interface CheckOptions {
  readonly signal?: AbortSignal | undefined;
  onProgress?(done: number, total: number): void;
}

type Checker = Pick<Engine, 'policy' | 'segmenter' | 'encoder' | 'learned'>;

interface Case {
  readonly rule: Rule;
  readonly list: 'fires' | 'silent';
  readonly at: number;
  readonly example: Example;
}

/** Examples in work at once: enough to keep every session of the encoder busy. */
const CONCURRENCY = 8;

/**
 * Runs the examples of every rule through the rules. The learned heads are asked where the rule asks for what they say
 * and the example does not give it.
 *
 * @throws AppError of the encoder, or `cancelled`
 */
export async function checkExamples(
  engine: Checker,
  rules: ReadyRules,
  { signal, onProgress }: CheckOptions = {},
): Promise<CheckedExamples> {
  const asked = askedOfHeads(rules.ruleBook.rules);
  const cases = rules.ruleBook.rules.flatMap(casesOf);
  const failures: (ExampleFailure | undefined)[] = [];
  let next = 0;
  let done = 0;
  const work = async () => {
    for (let at = next++; at < cases.length; at = next++) {
      const one = cases[at];
      if (one === undefined) return;
      throwIfCancelled(signal);
      const isAsked = needsHead(one.example, asked.get(one.rule) ?? new Set());
      failures[at] = await checkExample(engine, rules, one, isAsked, signal);
      onProgress?.(++done, cases.length);
      // Requests are answered in between.
      await nextTurn();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  const found = failures.filter((failure) => failure !== undefined);
  return { rules: rules.ruleBook.rules.length, examples: cases.length, failures: found };
}

function casesOf(rule: Rule): Case[] {
  return (['fires', 'silent'] as const).flatMap((list) =>
    (rule.examples?.[list] ?? []).map((example, at) => ({ rule, list, at, example })),
  );
}

async function checkExample(
  { segmenter, encoder, learned, policy }: Checker,
  rules: ReadyRules,
  { rule, list, at, example }: Case,
  isAsked: boolean,
  signal: AbortSignal | undefined,
): Promise<ExampleFailure | undefined> {
  const { text, subject, channel = 'other', customer = {}, reports } = example;
  const document = readDocument(segmenter, { text, subject });
  const embedding: Embedding | undefined = isAsked
    ? await encoder.embed(document.masked.text, signal ? { signal } : {})
    : undefined;
  const prediction = embedding ? learned.head.predict(document, embedding.vector) : NO_PREDICTION;
  const given = factsOf(example, document.normal.text, rules);
  const { taxonomy } = policy;
  const judgement = judge(
    { taxonomy, ruleBook: rules.ruleBook, readAmounts: rules.readAmounts },
    { document, prediction, channel, customer, reports, given },
  );
  const fired = judgement.outcome.fired.some((one) => one.rule === rule);
  if (fired === (list === 'fires')) return undefined;
  const why = fired ? [rule.sentence] : whySilent(rule, judgement, taxonomy).map(noteOf);
  return { rule: rule.name, list, at, text, why };
}

/** What is missing, or what stands against it, as half a sentence. */
function noteOf(silencer: Silencer): Bilingual {
  const { zh, en } = silencer.kind === 'scope' ? SCOPE_NAMES[silencer.scope] : silencer.note;
  if (silencer.kind === 'scope') return { zh: `词句在文中，但${zh}`, en: `its words are there, but ${en}` };
  if (silencer.kind === 'condition') return { zh: `缺少：${zh}`, en: `missing: ${en}` };
  return { zh: `例外成立：${zh}`, en: `its exception holds: ${en}` };
}
