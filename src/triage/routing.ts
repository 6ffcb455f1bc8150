import { z } from 'zod';
import { PRIORITIES } from './rules.ts';
import { bilingualSchema, keySchema } from './taxonomy.ts';

const keys = z.array(z.string()).min(1).optional();
const MAX_WEIGHT = 20;

const queueSchema = z.strictObject({
  key: keySchema,
  name: bilingualSchema,
  /** Only agents who have it as a skill get its items, and these leave it only when a person hands them over. */
  restricted: z.boolean().default(false),
});
export type Queue = z.infer<typeof queueSchema>;

const teamSchema = z.strictObject({ key: keySchema, name: bilingualSchema, queues: z.array(z.string()).min(1) });
export type Team = z.infer<typeof teamSchema>;

export const routeSchema = z.strictObject({
  queue: z.string(),
  flags: keys,
  types: keys,
  topics: keys,
  first_topic: keys,
  languages: keys,
  priorities: keys,
});
export type Route = z.infer<typeof routeSchema>;

/** `data/routing.yaml`. */
export const routingSchema = z
  .strictObject({
    version: z.string(),
    queues: z.array(queueSchema).min(1),
    teams: z.array(teamSchema).min(1),
    /** What an open item takes of an agent's capacity. */
    weights: z.record(z.enum(PRIORITIES), z.int().min(1).max(MAX_WEIGHT)),
    rules: z.array(routeSchema),
    fallback: z.string(),
  })
  .superRefine((routing, context) => {
    for (const [path, message] of findContradictions(routing)) context.addIssue({ code: 'custom', path, message });
  });
export type Routing = z.infer<typeof routingSchema>;

type Problem = readonly [path: (string | number)[], message: string];

function findContradictions({
  queues,
  teams,
  rules,
  fallback,
}: Pick<Routing, 'queues' | 'teams' | 'rules' | 'fallback'>): Problem[] {
  const known = new Set(queues.map(({ key }) => key));
  const unknown = (key: string, path: (string | number)[]): Problem[] =>
    known.has(key) ? [] : [[path, `there is no queue ${key}`]];
  return [
    ...findTwice(queues, 'queues'),
    ...findTwice(teams, 'teams'),
    ...rules.flatMap(({ queue }, index) => unknown(queue, ['rules', index, 'queue'])),
    ...unknown(fallback, ['fallback']),
    ...teams.flatMap((team, index) => team.queues.flatMap((key, at) => unknown(key, ['teams', index, 'queues', at]))),
    ...queues.flatMap(({ key }, index) => findWrongTeams(key, index, teams)),
  ];
}

function findTwice(list: readonly { readonly key: string }[], name: string): Problem[] {
  return list.flatMap(({ key }, index) =>
    list.findIndex((other) => other.key === key) < index ? [[[name, index, 'key'], `${key} is there twice`]] : [],
  );
}

function findWrongTeams(key: string, index: number, teams: readonly Team[]): Problem[] {
  const owners = teams.flatMap((team) => team.queues.filter((queue) => queue === key).map(() => team.key));
  if (owners.length === 1) return [];
  const found = owners.length === 0 ? 'to none' : `to ${owners.join(' and ')}`;
  return [[['queues', index, 'key'], `the queue ${key} must belong to exactly one team, and belongs ${found}`]];
}

/** The queue of this key; undefined where routing does not know it (any more). */
export function findQueue({ queues }: Pick<Routing, 'queues'>, key: string): Queue | undefined {
  return queues.find((queue) => queue.key === key);
}

/** A queue that routing does not know any more may have been a restricted one, and is treated so. */
export function isRestricted(routing: Pick<Routing, 'queues'>, key: string): boolean {
  return findQueue(routing, key)?.restricted ?? true;
}

export interface RoutingFacts {
  readonly type: string;
  readonly topics: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly language: string;
  readonly priority: string;
}

/** The queue of the first rule whose conditions all hold. */
export function deriveQueue(routing: Routing, facts: RoutingFacts): string {
  const hit = routing.rules.find(
    (rule) =>
      (rule.flags?.some((flag) => facts.flags.has(flag)) ?? true) &&
      (rule.types?.includes(facts.type) ?? true) &&
      (rule.topics?.some((topic) => facts.topics.includes(topic)) ?? true) &&
      (rule.first_topic?.includes(facts.topics[0] ?? '') ?? true) &&
      (rule.languages?.includes(facts.language) ?? true) &&
      (rule.priorities?.includes(facts.priority) ?? true),
  );
  return hit?.queue ?? routing.fallback;
}
