import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { DATA_FOLDER } from '../../../src/context.ts';
import type { Sentence } from '../../../src/replies/draft.ts';
import type { GuardContext } from '../../../src/replies/guards/context.ts';
import { guardDraft } from '../../../src/replies/guards/guard.ts';
import { readPassage } from '../../../src/replies/passage.ts';
import { SLOTS, situationSchema, TONES } from '../../../src/replies/template.ts';
import { testLearning } from '../../_util/context.ts';

const contextFor = (texts: readonly string[], language: 'zh' | 'en', tone: GuardContext['tone']): GuardContext => ({
  language,
  medium: 'mail',
  tone,
  isCrisis: false,
  approved: new Set(texts),
  supports: texts,
  factTexts: [],
  others: [],
  allowedHosts: [],
  articles: new Map([['a', { validity: 'current', contradictions: [] }]]),
  isByPerson: false,
});

const SAMPLE: Readonly<Record<string, string>> = { resolve_by: '11月25日 10:00（UTC+8）', amount: '500 USDT' };

test.each(['zh', 'en'] as const)('no guard has anything against a shipped wording (%s)', async (language) => {
  const { policy } = await testLearning();
  for (const { situation, tone, sentences } of policy.replies) {
    for (const { id, role, [language]: wordings } of sentences) {
      for (const wording of wordings) {
        const text = SLOTS.reduce((filled, slot) => filled.replaceAll(`{${slot}}`, SAMPLE[slot] ?? 'X1'), wording)
          .replaceAll(/[[\]]/gu, '')
          .replaceAll('11月25日 10:00（UTC+8）', language === 'zh' ? '11月25日 10:00（UTC+8）' : '25 November, 10:00');
        const sentence: Sentence = { role, text, sources: [{ kind: 'template', id, version: '1' }] };
        const context = contextFor([text], language, situation === 'common' ? 'grave' : tone);
        expect({ id, found: guardDraft([sentence], context) }).toEqual({ id, found: [] });
      }
    }
  }
});

test.each(['zh', 'en'] as const)('nor against what the shipped articles answer (%s)', async (language) => {
  const folder = path.join(DATA_FOLDER, 'articles', language);
  const refused: unknown[] = [];
  for (const name of await readdir(folder)) {
    const body = (await readFile(path.join(folder, name), 'utf8')).split('\n---\n').slice(1).join('\n---\n');
    const { answer, steps } = readPassage({ text: body });
    expect([name, answer.length > 0]).toEqual([name, true]);
    for (const text of [...answer, ...steps]) {
      const source = { kind: 'article', id: 'a', version: '1', language, title: name, passage: text } as const;
      const found = guardDraft([{ role: 'answer', text, sources: [source] }], contextFor([text], language, 'grave'));
      refused.push(...found.map(({ guard, quote }) => ({ name, guard, quote, text })));
    }
  }
  expect(refused).toEqual([]);
});

const FILE = {
  version: '1',
  situation: 'sample',
  order: 1,
  tone: 'grave',
  sentences: [{ id: 'sample.a', role: 'acknowledge', zh: ['您好。'], en: ['Hello.'] }],
};

test.each([
  ['an unknown slot', { zh: ['{money}'] }, 'none of'],
  ['brackets that are not closed', { zh: ['您[{amount}'] }, 'brackets'],
  ['another situation in the id', { id: 'other.a' }, 'must begin with sample.'],
  ['more wordings in one language', { zh: ['一。', '二。'] }, 'as many wordings'],
  ['an exclamation mark where somebody lost money', { zh: ['您好！'] }, 'exclamation'],
])('a template with %s is refused', (_, change, message) => {
  const sentences = FILE.sentences.map((sentence) => ({ ...sentence, ...change }));
  const parsed = situationSchema.safeParse({ ...FILE, sentences });
  expect(parsed.error?.issues.map((issue) => issue.message).join()).toContain(message);
  expect(situationSchema.safeParse(FILE).success).toBe(true);
});

test('every tone has a situation', async () => {
  const { policy } = await testLearning();
  expect(new Set(policy.replies.map(({ tone }) => tone))).toEqual(new Set(TONES));
});
