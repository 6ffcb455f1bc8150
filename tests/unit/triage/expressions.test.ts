import { beforeAll, expect, test } from 'vitest';
import { KINDS } from '../../../src/policies/kinds.ts';
import type { Policy } from '../../../src/policy.ts';
import { rulesDocument } from '../../_util/rules-document.ts';
import { loadCore } from '../../_util/triage.ts';

let policy: Policy;
beforeAll(async () => {
  ({ policy } = await loadCore());
});

/** Rules by name with their expressions, as YAML. */
const problemsOf = (rules: Readonly<Record<string, readonly string[]>>) => {
  const lines = Object.entries(rules).map(
    ([name, patterns]) =>
      `${name}: { when: { any: ${JSON.stringify(patterns.map((pattern) => ({ pattern })))} }, then: { points: 1 } }`,
  );
  return KINDS.rules(rulesDocument(lines.join('\n')), policy.taxonomy).problems;
};
/** 104 instructions. */
const LARGE = 'a.{0,50}b';

test('expressions of all rules together have a limit, and the one with which it is passed is named', () => {
  const nine = Array.from({ length: 9 }, () => LARGE);
  expect(problemsOf({ codes: nine })).toBeUndefined();
  expect(problemsOf({ codes: nine, more: ['tx-\\d{6,10}', LARGE, LARGE] })).toEqual([
    {
      pointer: '/rules/1/when/any/1/pattern',
      message: expect.stringMatching(/compile to 1\d{3} instructions, at most 1000 are accepted/),
    },
  ]);
});

test('fifty small ones are within it', () => {
  const codes = Array.from({ length: 50 }, (_, at) => `tx${at}-\\d{4,6}`);
  expect(problemsOf({ codes })).toBeUndefined();
});
