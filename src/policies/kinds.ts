import { z } from 'zod';
import type { FieldError } from '../errors.ts';
import { fieldErrorsOf, pointerPart } from '../field-errors.ts';
import { storable } from '../text/storable.ts';
import { list, type Mention, namesOf } from '../triage/mentions.ts';
import { type Routing, routingSchema } from '../triage/routing.ts';
import {
  checkRules,
  type DocumentProblem,
  type ReadyRules,
  readyRules,
  rulesDocumentSchema,
} from '../triage/rules-document.ts';
import { type SlaPolicy, slaSchema } from '../triage/sla-policy.ts';
import type { Taxonomy } from '../triage/taxonomy.ts';

const STORABLE = storable(z.string());
/** Of a document; conditions that are read by people hold a few of each other. */
const MAX_DEPTH = 32;

/** The parts of a policy that are kept in versions. */
export const POLICY_KINDS = ['rules', 'sla', 'routing'] as const;
export type PolicyKind = (typeof POLICY_KINDS)[number];

/** What decisions take of the documents of all kinds. */
export type PolicyParts = ReadyRules & { readonly sla: SlaPolicy; readonly routing: Routing };

/** A document made ready to decide by, or all that stands in the way. */
export type ReadDocument =
  | { readonly parts: Partial<PolicyParts>; readonly problems?: undefined }
  | { readonly parts?: undefined; readonly problems: readonly FieldError[] };

/** Checks a document of one kind and makes it ready. */
export type DocumentReader = (document: unknown, taxonomy: Taxonomy) => ReadDocument;

interface Kind<Value> {
  readonly schema: z.ZodType<Value>;
  /** What the schema cannot see: names of the taxonomy, and how the parts hang together. */
  check(value: Value, taxonomy: Taxonomy): readonly DocumentProblem[];
  ready(value: Value): Partial<PolicyParts>;
}

export const KINDS: { readonly [K in PolicyKind]: DocumentReader } = {
  rules: reader({ schema: rulesDocumentSchema, check: checkRules, ready: readyRules }),
  sla: reader({ schema: slaSchema, check: () => [], ready: (sla) => ({ sla }) }),
  routing: reader({ schema: routingSchema, check: checkRouting, ready: (routing) => ({ routing }) }),
};

function reader<Value>({ schema, check, ready }: Kind<Value>): DocumentReader {
  return (document, taxonomy) => {
    const unstorable = findUnstorable(document);
    if (unstorable.length > 0) return { problems: unstorable };
    const parsed = schema.safeParse(document);
    if (!parsed.success) return { problems: fieldErrorsOf(parsed.error) };
    const problems = check(parsed.data, taxonomy);
    return problems.length > 0 ? { problems } : { parts: ready(parsed.data) };
  };
}

function checkRouting({ rules }: Routing, taxonomy: Taxonomy): DocumentProblem[] {
  const names = namesOf(taxonomy);
  return rules
    .flatMap(mentionsInRoute)
    .filter(({ kind, name }) => !names[kind].has(name))
    .map(({ kind, name, pointer }) => ({ pointer, message: `there is no ${kind} ${name}` }));
}

function mentionsInRoute(rule: Routing['rules'][number], at: number): Mention[] {
  const place = `/rules/${at}`;
  return [
    ...list('type', rule.types, `${place}/types`),
    ...list('topic', rule.topics, `${place}/topics`),
    ...list('topic', rule.first_topic, `${place}/first_topic`),
    ...list('risk flag', rule.flags, `${place}/flags`),
    ...list('priority', rule.priorities, `${place}/priorities`),
  ];
}

/** Text that the database cannot hold, keys included; and what is nested too deep to be read. */
function findUnstorable(value: unknown, pointer = '', depth = 0): FieldError[] {
  if (typeof value === 'string') {
    const parsed = STORABLE.safeParse(value);
    return parsed.success ? [] : fieldErrorsOf(parsed.error, pointer);
  }
  if (typeof value !== 'object' || value === null) return [];
  if (depth > MAX_DEPTH) return [{ pointer, message: `must not be nested more than ${MAX_DEPTH} levels deep` }];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...findUnstorable(key, pointer),
    ...findUnstorable(inner, pointer + pointerPart(key), depth + 1),
  ]);
}
