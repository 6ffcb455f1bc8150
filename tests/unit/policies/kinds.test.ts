import { beforeAll, expect, test } from 'vitest';
import { KINDS } from '../../../src/policies/kinds.ts';
import type { Policy } from '../../../src/policy.ts';
import { rulesDocument } from '../../_util/rules-document.ts';
import { loadCore } from '../../_util/triage.ts';

let policy: Policy;
beforeAll(async () => {
  ({ policy } = await loadCore());
});

test('what the schema refuses in one rule hides no wrong name of another', () => {
  const document = rulesDocument(
    [
      'broken: { when: { phrases: [] }, then: { points: 1 } }',
      'named: { when: { phrases: [tea] }, then: { flag: thirst } }',
    ].join('\n'),
  );
  const { problems = [] } = KINDS.rules(document, policy.taxonomy);
  expect(problems.map(({ pointer }) => pointer)).toEqual(['/rules/0/when/phrases', '/rules/1/then/flag']);
  expect(problems[1]?.message).toBe('there is no risk flag thirst');
});

test('the same holds for routes, also for the names beside an unknown queue', () => {
  const [queue, ...queues] = policy.routing.queues;
  const rules = [{ queue: 'nowhere', flags: ['thirst'] }];
  const wrongQueue = KINDS.routing({ ...policy.routing, rules }, policy.taxonomy);
  expect(wrongQueue.problems?.map(({ pointer }) => pointer)).toEqual(['/rules/0/queue', '/rules/0/flags/0']);
  const document = { ...policy.routing, rules, queues: [{ ...queue, colour: 'red' }, ...queues] };
  const strict = KINDS.routing(document, policy.taxonomy).problems ?? [];
  expect(strict.map(({ pointer }) => pointer)).toEqual(['/queues/0/colour', '/rules/0/queue', '/rules/0/flags/0']);
});
