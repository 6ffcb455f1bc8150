import { type Estimated, leavesOf } from './conditions.ts';
import type { Example } from './examples.ts';
import { PRIORITIES, type Rule } from './rules.ts';
import type { Taxonomy } from './taxonomy.ts';

export type NameKind = 'type' | 'topic' | 'risk flag' | 'priority';

/** A name of the taxonomy that a policy uses, and where: a JSON Pointer. */
export interface Mention {
  readonly kind: NameKind;
  readonly name: string;
  readonly pointer: string;
}

/** What a taxonomy knows of each kind. */
export type KnownNames = Readonly<Record<NameKind, ReadonlySet<string>>>;

export function namesOf({ types, topics, risk_flags }: Taxonomy): KnownNames {
  const keySet = (labels: readonly { readonly key: string }[]) => new Set(labels.map(({ key }) => key));
  return {
    type: keySet(types),
    topic: keySet(topics),
    'risk flag': keySet(risk_flags),
    priority: new Set(PRIORITIES),
  };
}

/** The mentions of what the taxonomy does not know. */
export function findUnknown(mentions: readonly Mention[], taxonomy: Taxonomy): { pointer: string; message: string }[] {
  const names = namesOf(taxonomy);
  return mentions
    .filter(({ kind, name }) => !names[kind].has(name))
    .map(({ kind, name, pointer }) => ({ pointer, message: `there is no ${kind} ${name}` }));
}

/** Each name that a rule uses; pointers are below the rule. */
export function mentionsInRule({ when, unless, then: { flag, type }, examples }: Rule): Mention[] {
  return [
    ...(examples?.fires ?? []).flatMap((example, at) => mentionsInExample(example, `/examples/fires/${at}`)),
    ...(examples?.silent ?? []).flatMap((example, at) => mentionsInExample(example, `/examples/silent/${at}`)),
    ...mentions('risk flag', flag === undefined ? [] : [flag], '/then/flag'),
    ...mentions('type', type === undefined ? [] : [type], '/then/type'),
    ...mentionsInCondition(when, '/when'),
    ...(unless === undefined ? [] : mentionsInCondition(unless, '/unless')),
  ];
}

function mentionsInExample({ type, topics }: Example, pointer: string): Mention[] {
  return [
    ...mentions('type', type === undefined ? [] : [type], `${pointer}/type`),
    ...list('topic', topics, `${pointer}/topics`),
  ];
}

function mentionsInCondition(root: Rule['when'], below: string): Mention[] {
  return leavesOf(root, below).flatMap(({ condition, pointer }) => {
    if ('flag' in condition) return mentions('risk flag', [condition.flag], `${pointer}/flag`);
    if ('type' in condition) return list('type', condition.type, `${pointer}/type`);
    if ('topic' in condition) return list('topic', condition.topic, `${pointer}/topic`);
    if ('learned' in condition) return mentionsInEstimate(condition.learned, `${pointer}/learned`);
    return 'doubted' in condition ? mentionsInEstimate(condition.doubted, `${pointer}/doubted`) : [];
  });
}

function mentionsInEstimate({ flag, type, topic }: Estimated, pointer: string): Mention[] {
  return [
    ...mentions('risk flag', flag === undefined ? [] : [flag], `${pointer}/flag`),
    ...mentions('type', type === undefined ? [] : [type], `${pointer}/type`),
    ...mentions('topic', topic === undefined ? [] : [topic], `${pointer}/topic`),
  ];
}

function mentions(kind: NameKind, names: readonly string[], pointer: string): Mention[] {
  return names.map((name) => ({ kind, name, pointer }));
}

/** The names of a list, each with its place in it. */
export function list(kind: NameKind, names: readonly string[] = [], pointer: string): Mention[] {
  return names.map((name, at) => ({ kind, name, pointer: `${pointer}/${at}` }));
}
