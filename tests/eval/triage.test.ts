import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { evaluateTriage } from '../../src/eval/triage.ts';
import { readTriageSet } from '../../src/eval/triage-set.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { OPEN_TIMEOUT_MS } from '../_util/db.ts';

const share = z.number().min(0).max(1);
const scores = {
  type: z.object({ accuracy: share, macro_f1: share }),
  priority: z.object({ accuracy: share, p1_precision: share, p1_recall: share }),
  topics: z.object({ micro_f1: share }),
  risk_flags: z.object({ micro_f1: share }),
};
/** What programs of others read of `--json`. */
const published = z.object({
  ...scores,
  by_language: z.object({ zh: z.object(scores), en: z.object(scores), mixed: z.object(scores) }),
  misses: z.array(z.object({ id: z.string(), wrong: z.array(z.string()), reasons: z.array(z.string()) })),
});

const expected = { type: 'technical_issue', topics: ['account_security'], risk_flags: ['security_compromise'] };
const HACKED = {
  ...{ id: 'zh-1', lang: 'zh', channel: 'chat', text: '我的账户被盗了，有人正在提走我的币' },
  ...{ customer: { tier: 'standard', prior_contacts_same_matter: 0 }, expect: { ...expected, priority: 'P1' } },
};
const EMPTY = {
  ...{ id: 'en-1', lang: 'en', text: '' },
  expect: { type: 'other', topics: [], risk_flags: [], priority: 'P4' },
};
const WRONG = { ...HACKED, id: 'zh-2', expect: { ...expected, type: 'praise', priority: 'P4' } };

describe('a labelled set', () => {
  let service: TestService;
  let folder: string;
  beforeAll(async () => {
    service = await openTestService();
    folder = await mkdtemp(path.join(tmpdir(), 'triage-set-'));
  }, OPEN_TIMEOUT_MS);
  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const read = async (...lines: readonly object[]) => {
    const file = path.join(folder, 'set.jsonl');
    await writeFile(file, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
    return await readTriageSet(file, service.context.policy.taxonomy);
  };

  test('is answered with the published keys, per language too, and every miss with what it rests on', async () => {
    const signal = new AbortController().signal;
    const items = await read(HACKED, EMPTY, WRONG);
    const result = published.parse(
      JSON.parse(JSON.stringify(await evaluateTriage(service.context, items, { signal }))),
    );
    expect(result.priority).toMatchObject({ p1_precision: 0.5, p1_recall: 1 });
    expect(result.by_language.en).toMatchObject({ type: { accuracy: 1 }, priority: { accuracy: 1 } });
    const miss = result.misses.find(({ id }) => id === 'zh-2');
    expect(miss?.wrong).toEqual(expect.arrayContaining(['type', 'priority']));
    expect(miss?.reasons.length).toBeGreaterThan(0);
  });

  test.each([
    ['type', { type: 'complaint' }],
    ['topics.1', { topics: ['deposit', 'weather'] }],
    ['risk_flags.0', { risk_flags: ['hacked'] }],
  ])('whose %s the taxonomy does not have is refused with the line and those there are', async (where, wrong) => {
    const refused = read(HACKED, { ...HACKED, expect: { ...HACKED.expect, ...wrong } });
    const pattern = new RegExp(`line 2: expect\\.${where.replace('.', '\\.')}: "\\w+" must be one of: `, 'u');
    await expect(refused).rejects.toThrow(pattern);
  });
});
