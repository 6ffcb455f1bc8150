import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { deriveQueue, type Routing, type RoutingFacts, routingSchema } from '../../../src/triage/routing.ts';
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
  rules: parse(rules),
  fallback: 'b',
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
  ])('refuse %s', (_what, value, reason) => {
    const parsed = routingSchema.safeParse(value);
    expect(parsed.success).toBe(false);
    expect(JSON.stringify(parsed.error?.issues)).toContain(reason);
  });
});
