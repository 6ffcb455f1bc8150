import { beforeAll, expect, it } from 'vitest';
import { divideByEvidence } from '../../../src/eval/evidence.ts';
import { type Core, loadCore } from '../../_util/triage.ts';

let core: Core;
beforeAll(async () => {
  core = await loadCore();
});

it('tells which evidence raised a flag, and how often it was right', () => {
  const { ruleBook, taxonomy } = core.policy;
  const said = (wanted: string[], text: string, flags: Record<string, number>) => ({
    wanted,
    decision: core.decide(text, { type: 'technical_issue', flags }),
  });
  const judged = [
    said(['outage'], 'Nobody can log in, the whole site is down', { outage: 0.1 }),
    said([], 'Nobody can log in, the whole site is down', { outage: 0.9 }),
    said(['outage'], 'Strange numbers on my page', { outage: 0.9 }),
    said(['churn'], 'Strange numbers on my page', {}),
  ];
  const flags = taxonomy.risk_flags.map(({ key }) => key);
  const table = divideByEvidence(judged, ruleBook, flags);
  expect(Object.keys(table)).toEqual(flags);
  expect(table.outage).toEqual({ lexical: { tp: 1, fp: 0 }, both: { tp: 0, fp: 1 }, learned: { tp: 1, fp: 0 } });
  expect(table.churn).toEqual({ lexical: { tp: 0, fp: 0 }, both: { tp: 0, fp: 0 }, learned: { tp: 0, fp: 0 } });
});
