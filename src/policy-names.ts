import { list, type Mention, mentionsInRule, namesOf } from './triage/mentions.ts';
import type { Rule } from './triage/rules.ts';
import type { Seed, Taxonomy } from './triage/taxonomy.ts';

/** What one policy file holds, with where it stands: `data/rules/money.yaml`, `data/seeds/a.jsonl line 7`. */
export interface Placed<T> {
  readonly place: string;
  readonly value: T;
}

/** One line for each name in rules and seeds that the taxonomy does not know, and each that is used twice. */
export function findWrongNames(
  taxonomy: Taxonomy,
  rules: readonly Placed<Rule>[],
  seeds: readonly Placed<Seed>[],
): string[] {
  const names = namesOf(taxonomy);
  const unknown = (place: string, mentions: readonly Mention[]) =>
    mentions
      .filter(({ kind, name }) => !names[kind].has(name))
      .map(({ kind, name }) => `${place}: there is no ${kind} ${name}`);
  return [
    ...rules.flatMap(({ place, value }) => unknown(`${place}: ${value.name}`, mentionsInRule(value))),
    ...findTwice(rules.map(({ place, value }) => ({ place, value: value.name }))),
    ...seeds.flatMap(({ place, value }) => unknown(`${place}: ${value.id}`, mentionsInSeed(value))),
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

function mentionsInSeed(seed: Seed): Mention[] {
  return [
    ...list('type', [seed.type], '/type'),
    ...list('topic', seed.topics, '/topics'),
    ...list('risk flag', seed.risk_flags, '/risk_flags'),
  ];
}
