import { z } from 'zod';
import type { Engine } from '../context.ts';
import type { FieldError } from '../errors.ts';
import { contentVersion } from '../policies/content-version.ts';
import { KINDS } from '../policies/kinds.ts';
import type { ReadyRules } from '../triage/rules-document.ts';
import { type CheckOptions, checkExamples, type ExampleFailure } from './check-examples.ts';
import { completeDocument } from './complete-document.ts';

/** What was found out about a document. Pointers are into the document. */
export interface Validation {
  /** With scopes and currencies of the rules in force where it brings none. */
  readonly document: unknown;
  readonly version: string;
  /** Absent where something stands in the way of using it at all. */
  readonly rules: ReadyRules | undefined;
  readonly examples: number;
  readonly problems: readonly FieldError[];
}

/**
 * Everything that stands in the way of publishing: what the schema refuses, names that the taxonomy does not know,
 * circles, and, where it could be used, rules whose own examples fail.
 *
 * @throws AppError of the encoder, or `cancelled`
 */
export async function validateRules(engine: Engine, sent: unknown, options: CheckOptions = {}): Promise<Validation> {
  const { policy } = engine;
  const document = completeDocument(sent, policy.documents.rules);
  const { parts: rules, problems } = KINDS.rules(document, policy.taxonomy);
  const version = contentVersion(document ?? null);
  if (rules === undefined) return { document, version, rules, examples: 0, problems };
  const { examples, failures } = await checkExamples(engine, rules, options);
  const places = placesOf(document);
  return { document, version, rules, examples, problems: failures.map((failure) => toProblem(failure, places)) };
}

/** Where each rule stands in the document. */
function placesOf(document: unknown): ReadonlyMap<string, number> {
  const { rules } = z.object({ rules: z.array(z.object({ name: z.string() })) }).parse(document);
  return new Map(rules.map(({ name }, at) => [name, at]));
}

function toProblem({ rule, list, at, why }: ExampleFailure, places: ReadonlyMap<string, number>): FieldError {
  const said = list === 'fires' ? 'should fire the rule and does not' : 'should not fire the rule and does';
  const reasons = why.map(({ en }) => en).join('; ');
  return {
    pointer: `/rules/${places.get(rule)}/examples/${list}/${at}`,
    message: `${said} (${rule}): ${reasons}`,
  };
}
