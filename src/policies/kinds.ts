import { z } from 'zod';
import type { FieldError } from '../errors.ts';
import { fieldErrorsOf, pointerPart } from '../field-errors.ts';
import { storable } from '../text/storable.ts';
import { findUnknown, list, type Mention, mentionsInRule } from '../triage/mentions.ts';
import { type Route, type Routing, routeSchema, routingSchema } from '../triage/routing.ts';
import { ruleSchema } from '../triage/rules.ts';
import {
  checkRules,
  type DocumentProblem,
  type ReadyRules,
  readyRules,
  rulesDocumentSchema,
} from '../triage/rules-document.ts';
import { type SlaPolicy, slaSchema } from '../triage/sla-policy.ts';
import type { Taxonomy } from '../triage/taxonomy.ts';

const writtenRules = z.looseObject({ rules: z.array(z.unknown()) });
const STORABLE = storable(z.string());
/** Of a document; conditions that are read by people hold a few of each other. */
const MAX_DEPTH = 32;

/** The parts of a policy that are kept in versions. */
export const POLICY_KINDS = ['rules', 'sla', 'routing'] as const;
export type PolicyKind = (typeof POLICY_KINDS)[number];

/** What decisions take of the documents of all kinds. */
export type PolicyParts = ReadyRules & { readonly sla: SlaPolicy; readonly routing: Routing };

/** A document made ready to decide by, or all that stands in the way. */
export type ReadDocument<Parts> =
  | { readonly parts: Parts; readonly problems?: undefined }
  | { readonly parts?: undefined; readonly problems: readonly FieldError[] };

/** Checks a document of one kind and makes it ready. */
export type DocumentReader<Parts> = (document: unknown, taxonomy: Taxonomy) => ReadDocument<Parts>;

interface Kind<Value, Parts> {
  readonly schema: z.ZodType<Value>;
  /** What the schema cannot see: names of the taxonomy, and how the parts hang together. */
  check(value: Value, taxonomy: Taxonomy): readonly DocumentProblem[];
  /** Each name in one rule that the taxonomy does not know, below the rule; none where the rule cannot be read. */
  checkRule?(rule: unknown, taxonomy: Taxonomy): readonly DocumentProblem[];
  ready(value: Value): Parts;
}

export const KINDS = {
  rules: reader({ schema: rulesDocumentSchema, check: checkRules, checkRule: checkWrittenRule, ready: readyRules }),
  sla: reader({ schema: slaSchema, check: () => [], ready: (sla) => ({ sla }) }),
  routing: reader({
    schema: routingSchema,
    check: checkRouting,
    checkRule: checkRoute,
    ready: (routing) => ({ routing }),
  }),
} as const satisfies Readonly<Record<PolicyKind, DocumentReader<Partial<PolicyParts>>>>;

function reader<Value, Parts>({ schema, check, checkRule, ready }: Kind<Value, Parts>): DocumentReader<Parts> {
  return (document, taxonomy) => {
    const unstorable = findUnstorable(document);
    if (unstorable.length > 0) return { problems: unstorable };
    const parsed = schema.safeParse(document);
    if (!parsed.success) {
      // What the schema refuses in one rule must not hide the wrong names of the others.
      const rules = checkRule === undefined ? [] : (writtenRules.safeParse(document).data?.rules ?? []);
      const names = rules.flatMap((rule, at) => below(`/rules/${at}`, checkRule?.(rule, taxonomy) ?? []));
      return { problems: [...fieldErrorsOf(parsed.error), ...names] };
    }
    const problems = check(parsed.data, taxonomy);
    return problems.length > 0 ? { problems } : { parts: ready(parsed.data) };
  };
}

function below(place: string, problems: readonly DocumentProblem[]): DocumentProblem[] {
  return problems.map(({ pointer, message }) => ({ pointer: place + pointer, message }));
}

function checkRouting({ rules }: Routing, taxonomy: Taxonomy): DocumentProblem[] {
  return rules.flatMap((rule, at) => below(`/rules/${at}`, findUnknown(mentionsInRoute(rule), taxonomy)));
}

function checkRoute(rule: unknown, taxonomy: Taxonomy): DocumentProblem[] {
  const { data } = routeSchema.safeParse(rule);
  return data === undefined ? [] : findUnknown(mentionsInRoute(data), taxonomy);
}

function checkWrittenRule(rule: unknown, taxonomy: Taxonomy): DocumentProblem[] {
  const { data } = ruleSchema.safeParse(rule);
  return data === undefined ? [] : findUnknown(mentionsInRule(data), taxonomy);
}

function mentionsInRoute({ types, topics, first_topic, flags, priorities }: Route): Mention[] {
  return [
    ...list('type', types, '/types'),
    ...list('topic', topics, '/topics'),
    ...list('topic', first_topic, '/first_topic'),
    ...list('risk flag', flags, '/flags'),
    ...list('priority', priorities, '/priorities'),
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
