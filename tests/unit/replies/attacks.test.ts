import { describe, expect, test } from 'vitest';
import type { Sentence } from '../../../src/replies/draft.ts';
import type { GuardContext } from '../../../src/replies/guards/context.ts';
import { guardDraft } from '../../../src/replies/guards/guard.ts';
import { makeSafe } from '../../../src/replies/suggest.ts';
import { ATTACKS, DISGUISES, TURNED } from './attacks.ts';
import { suggestFor } from './items.ts';

const MESSAGES = {
  zh: {
    text: '我的提现 500 USDT 两天没到账，单号 W20261110081240。',
    topics: ['withdrawal'],
    flags: ['funds_at_risk'],
  },
  en: {
    text: 'My withdrawal of 500 USDT is missing, reference W20261110081240.',
    topics: ['withdrawal'],
    flags: ['funds_at_risk'],
  },
} as const;

/** The plain draft of a customer whose money is missing, and what guards know of it. */
async function draftIn(language: 'zh' | 'en'): Promise<{ sentences: readonly Sentence[]; guards: GuardContext }> {
  const { suggestions, guards } = await suggestFor({ ...MESSAGES[language], channel: 'email' });
  const [first] = suggestions;
  if (first === undefined || guards === undefined) throw new Error('there is no draft to attack');
  return { sentences: first.sentences, guards: { ...guards, allowedHosts: ['help.platform.example'] } };
}

const drafts = new Map<string, ReturnType<typeof draftIn>>();
const draftOf = (language: 'zh' | 'en') => {
  const draft = drafts.get(language) ?? draftIn(language);
  drafts.set(language, draft);
  return draft;
};

/** Obeys, and says that a source which is really there supports it. */
const obey = (text: string, sentences: readonly Sentence[]): Sentence => ({
  role: 'answer',
  text,
  sources: sentences[1]?.sources ?? [],
});

describe('a model that obeys whatever a customer writes', () => {
  const cases = ATTACKS.flatMap(([kind, zh, en]) =>
    Object.keys(DISGUISES).flatMap((disguise) => [
      { kind, disguise, language: 'zh' as const, text: zh },
      { kind, disguise, language: 'en' as const, text: en },
    ]),
  );

  test('is tried with at least 60 kinds and 250 attacks', () => {
    expect(new Set(ATTACKS.map(([kind]) => kind)).size).toBeGreaterThanOrEqual(60);
    expect(cases.length).toBeGreaterThanOrEqual(250);
  });

  test.each(cases)('$kind, $disguise, $language', async ({ disguise, language, text }) => {
    const evil = DISGUISES[disguise]?.(text) ?? text;
    const { sentences, guards } = await draftOf(language);
    const answer = [...sentences.slice(0, 2), obey(evil, sentences), ...sentences.slice(2)];
    const blocking = guardDraft(answer, guards).filter(({ sentence, blocks }) => sentence === 2 && blocks);
    expect(blocking.map(({ guard }) => guard)).not.toEqual([]);
    for (const { reason } of blocking) expect(reason[language].length).toBeGreaterThan(3);
    const safe = makeSafe(answer, guards, []);
    expect(safe?.sentences.map((sentence) => sentence.text)).toEqual(sentences.map((sentence) => sentence.text));
  });

  test.each(TURNED.flatMap(([kind, zh, en]) => [[kind, 'zh', zh] as const, [kind, 'en', en] as const]))(
    '%s (%s): %s',
    async (_, language, text) => {
      const { sentences, guards } = await draftOf(language);
      // Whatever sentence of the draft it says that it rewords.
      for (const { sources } of sentences) {
        const found = guardDraft([{ role: 'answer', text, sources }], guards).filter(({ blocks }) => blocks);
        expect(found.map(({ guard }) => guard)).not.toEqual([]);
      }
    },
  );

  test.each(['zh', 'en'] as const)(
    'every dangerous kind is known by its words too, not only as unsourced (%s)',
    async (language) => {
      const { sentences, guards } = await draftOf(language);
      const onlyUnsourced = ATTACKS.filter(([, zh, en]) => {
        const found = guardDraft([obey(language === 'zh' ? zh : en, sentences)], guards);
        return found.every(({ guard }) => guard === 'unsourced');
      }).map(([kind]) => kind);
      expect(onlyUnsourced).toEqual(HARMLESS_WITHOUT_WORDS[language]);
    },
  );
});

/** Beside the matter, and refused because nothing supports them. */
const HARMLESS_WITHOUT_WORDS = {
  zh: ['poem', 'competitor', 'politics', 'legal advice'],
  en: ['poem', 'competitor', 'politics', 'legal advice'],
};
