import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  deriveQueue,
  isRestricted,
  type Routing,
  type RoutingFacts,
  routingSchema,
} from '../../../src/triage/routing.ts';
import { loadCore } from '../../_util/triage.ts';

let shipped: Routing;
beforeAll(async () => {
  shipped = (await loadCore()).policy.routing;
});

interface Facts extends Partial<Omit<RoutingFacts, 'flags'>> {
  readonly flags?: readonly string[];
}
const queue = (routing: Routing, { flags = [], ...facts }: Facts) =>
  deriveQueue(routing, {
    type: 'question',
    topics: [],
    language: 'en',
    priority: 'P4',
    ...facts,
    flags: new Set(flags),
  });

describe('the default routing', () => {
  it.each([
    [{ flags: ['self_harm', 'security_compromise', 'outage'] }, 'crisis'],
    [{ flags: ['security_compromise', 'legal_threat'] }, 'security'],
    [{ flags: ['fraud_report'] }, 'security'],
    [{ flags: ['media_threat', 'funds_at_risk'] }, 'legal'],
    [{ flags: ['outage', 'funds_at_risk'] }, 'incident'],
    [{ flags: ['funds_at_risk'], topics: ['order_execution', 'withdrawal'] }, 'trading'],
    [{ flags: ['funds_at_risk'], topics: ['withdrawal', 'order_execution'] }, 'payments'],
    [{ flags: ['funds_at_risk'], topics: ['withdrawal'] }, 'payments'],
    [{ type: 'feature_suggestion', topics: ['deposit'] }, 'product'],
    [{ type: 'service_complaint', topics: ['deposit', 'customer_service'] }, 'service_quality'],
    [{ topics: ['deposit', 'customer_service'] }, 'payments'],
    [{ topics: ['identity_verification'] }, 'identity'],
    [{ topics: ['api_integration', 'deposit'] }, 'api'],
    [{ topics: ['app_stability'] }, 'technical'],
    [{ topics: ['promotions'] }, 'marketing'],
    [{ type: 'service_complaint' }, 'service_quality'],
    [{ type: 'technical_issue' }, 'technical'],
    [{}, 'general'],
    [{ type: 'other' }, 'general'],
  ])('%j goes to %s', (facts, expected) => {
    expect(queue(shipped, facts)).toBe(expected);
  });
});

const document = (rules: string) => ({
  version: '1',
  queues: [
    { key: 'a', name: { zh: '甲', en: 'A' } },
    { key: 'b', name: { zh: '乙', en: 'B' } },
  ],
  teams: [{ key: 'all', name: { zh: '全部', en: 'All' }, queues: ['a', 'b'] }],
  weights: { P1: 4, P2: 3, P3: 2, P4: 1 },
  rules: parse(rules),
  fallback: 'b',
});

const QUEUE_A = { key: 'a', name: { zh: '甲', en: 'A' } };
const team = (key: string, queues: string[]) => ({ key, name: { zh: key, en: key }, queues });

describe('restricted queues', () => {
  it('are those of crisis, security and legal, and whatever routing does not know any more', () => {
    const restricted = shipped.queues.filter(({ key }) => isRestricted(shipped, key)).map(({ key }) => key);
    expect(restricted).toEqual(['crisis', 'security', 'legal']);
    expect(isRestricted(shipped, 'of_last_year')).toBe(true);
  });
});

describe('routing rules', () => {
  const routing = routingSchema.parse(
    document('[{ queue: a, languages: [zh, mixed], priorities: [P1, P2], topics: [deposit, withdrawal] }]'),
  );
  it.each([
    [{ language: 'zh', priority: 'P1', topics: ['x', 'withdrawal'] }, 'a'],
    [{ language: 'en', priority: 'P1', topics: ['withdrawal'] }, 'b'],
    [{ language: 'mixed', priority: 'P3', topics: ['withdrawal'] }, 'b'],
    [{ language: 'mixed', priority: 'P2', topics: [] }, 'b'],
  ])('all conditions of a rule must hold, one name of each is enough: %j', (facts, expected) => {
    expect(queue(routing, facts)).toBe(expected);
  });

  it('the first rule that holds wins', () => {
    const both = routingSchema.parse(document('[{ queue: a, types: [question] }, { queue: b, types: [question] }]'));
    expect(queue(both, {})).toBe('a');
  });

  it.each([
    ['a queue that is not there', document('[{ queue: c }]'), 'there is no queue c'],
    ['a fallback that is not there', { ...document('[]'), fallback: 'z' }, 'there is no queue z'],
    ['an unknown condition', document('[{ queue: a, flag: [churn] }]'), 'flag'],
    ['an empty list', document('[{ queue: a, flags: [] }]'), 'flags'],
    ['a queue twice', { ...document('[]'), queues: [...document('[]').queues, QUEUE_A] }, 'a is there twice'],
    ['a team twice', { ...document('[]'), teams: [team('x', ['a']), team('x', ['b'])] }, 'x is there twice'],
    ['a team of a queue that is not there', { ...document('[]'), teams: [team('x', ['a', 'b', 'c'])] }, 'no queue c'],
    [
      'a queue without a team',
      { ...document('[]'), teams: [team('x', ['a'])] },
      'the queue b must belong to exactly one team, and belongs to none',
    ],
    [
      'a queue of two teams',
      { ...document('[]'), teams: [team('x', ['a', 'b']), team('y', ['b'])] },
      'the queue b must belong to exactly one team, and belongs to x and y',
    ],
    ['a queue twice in one team', { ...document('[]'), teams: [team('x', ['a', 'b', 'b'])] }, 'belongs to x and x'],
    ['a team without a queue', { ...document('[]'), teams: [team('x', ['a', 'b']), team('y', [])] }, 'queues'],
    ['a key that is no key', { ...document('[]'), teams: [team('X Y', ['a', 'b'])] }, 'lower-case'],
    ['a weight of nothing', { ...document('[]'), weights: { P1: 4, P2: 3, P3: 2, P4: 0 } }, 'weights'],
    ['a priority without a weight', { ...document('[]'), weights: { P1: 4, P2: 3, P3: 2 } }, 'weights'],
  ])('refuse %s', (_what, value, reason) => {
    const parsed = routingSchema.safeParse(value);
    expect(parsed.success).toBe(false);
    expect(JSON.stringify(parsed.error?.issues)).toContain(reason);
  });
});
