import type { Routing } from './triage/routing.ts';
import { type Condition, PRIORITIES, type Rule } from './triage/rules.ts';
import type { SlaPolicy } from './triage/sla-policy.ts';
import type { Seed, Taxonomy } from './triage/taxonomy.ts';

/** What one policy file holds, with where it stands: `data/rules/money.yaml`, `data/seeds/a.jsonl line 7`. */
export interface Placed<T> {
  readonly place: string;
  readonly value: T;
}

interface Names {
  readonly type: ReadonlySet<string>;
  readonly topic: ReadonlySet<string>;
  readonly 'risk flag': ReadonlySet<string>;
  readonly priority: ReadonlySet<string>;
  readonly queue: ReadonlySet<string>;
}

type Mention = readonly [kind: keyof Names, name: string];

/** One line for each name in rules, routing, deadlines and seeds that nothing defines, and each that is used twice. */
export function findWrongNames(
  taxonomy: Taxonomy,
  rules: readonly Placed<Rule>[],
  routing: Placed<Routing>,
  sla: Placed<SlaPolicy>,
  seeds: readonly Placed<Seed>[],
): string[] {
  const names: Names = {
    type: keySet(taxonomy.types),
    topic: keySet(taxonomy.topics),
    'risk flag': keySet(taxonomy.risk_flags),
    priority: new Set(PRIORITIES),
    queue: keySet(routing.value.queues),
  };
  const unknown = (place: string, mentions: readonly Mention[]) =>
    mentions
      .filter(([kind, name]) => !names[kind].has(name))
      .map(([kind, name]) => `${place}: there is no ${kind} ${name}`);
  return [
    ...rules.flatMap(({ place, value }) => unknown(`${place}: ${value.name}`, namesInRule(value))),
    ...findTwice(rules.map(({ place, value }) => ({ place, value: value.name }))),
    ...routing.value.rules.flatMap((rule, index) => unknown(`${routing.place}: rules.${index}`, namesInRoute(rule))),
    ...queuesIn(sla.value).flatMap(({ place, value }) => unknown(`${sla.place}: ${place}`, mentions('queue', value))),
    ...seeds.flatMap(({ place, value }) => unknown(`${place}: ${value.id}`, namesInSeed(value))),
    ...findTwice(seeds.map(({ place, value }) => ({ place, value: value.id }))),
  ];
}

function findTwice(names: readonly Placed<string>[]): string[] {
  const first = new Map<string, string>();
  return names.flatMap(({ place, value }) => {
    const before = first.get(value);
    if (before !== undefined) return [`${place}: ${value}: the name is used twice, first in ${before}`];
    first.set(value, place);
    return [];
  });
}

function namesInRule({ when, unless, then: { flag, type } }: Rule): Mention[] {
  return [
    ...mentions('risk flag', flag === undefined ? [] : [flag]),
    ...mentions('type', type === undefined ? [] : [type]),
    ...namesIn(when),
    ...(unless === undefined ? [] : namesIn(unless)),
  ];
}

function namesIn(condition: Condition): Mention[] {
  if ('flag' in condition) return [['risk flag', condition.flag]];
  if ('type' in condition) return mentions('type', condition.type);
  if ('topic' in condition) return mentions('topic', condition.topic);
  if ('learned' in condition) return [['risk flag', condition.learned.flag]];
  if ('doubted' in condition) return [['risk flag', condition.doubted.flag]];
  if ('all' in condition) return condition.all.flatMap(namesIn);
  if ('any' in condition) return condition.any.flatMap(namesIn);
  return 'not' in condition ? namesIn(condition.not) : [];
}

function namesInRoute(rule: Routing['rules'][number]): Mention[] {
  return [
    ...mentions('type', rule.types),
    ...mentions('topic', rule.topics),
    ...mentions('topic', rule.first_topic),
    ...mentions('risk flag', rule.flags),
    ...mentions('priority', rule.priorities),
  ];
}

/** Queues that deadlines name: those that hold for some only, and those that take over. */
function queuesIn({ priorities, overrides }: SlaPolicy): Placed<string[]>[] {
  const takeOver = (table: SlaPolicy['overrides'][number]['priorities'], place: string) =>
    Object.entries(table).map(([priority, { escalate_to: queue } = {}]) => ({
      place: `${place}.${priority}.escalate_to`,
      value: queue === undefined ? [] : [queue],
    }));
  return [
    ...takeOver(priorities, 'priorities'),
    ...overrides.flatMap((override, index) => [
      { place: `overrides.${index}.queues`, value: override.queues ?? [] },
      ...takeOver(override.priorities, `overrides.${index}.priorities`),
    ]),
  ];
}

function namesInSeed(seed: Seed): Mention[] {
  return [
    ...mentions('type', [seed.type]),
    ...mentions('topic', seed.topics),
    ...mentions('risk flag', seed.risk_flags),
  ];
}

function mentions(kind: keyof Names, names: readonly string[] = []): Mention[] {
  return names.map((name) => [kind, name]);
}

function keySet(labels: readonly { readonly key: string }[]): Set<string> {
  return new Set(labels.map((label) => label.key));
}
