import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { DATA_FOLDER } from '../../../src/context.ts';
import { readEvalArticles, readEvalQueries } from '../../../src/eval/retrieve-set.ts';
import { readStories } from '../../../src/eval/story-set.ts';
import { readTriageSet } from '../../../src/eval/triage-set.ts';
import { loadPolicy } from '../../../src/policy.ts';

const { taxonomy } = await loadPolicy(DATA_FOLDER);

describe.each(['plain', 'hard'])('the sets written apart, %s', (kind) => {
  const place = (file: string) => path.join(DATA_FOLDER, 'eval', 'apart', kind, file);

  test('can be read, in both languages, and their answers are articles', async () => {
    const articles = await readEvalArticles(place('articles.jsonl'));
    const queries = await readEvalQueries(place('queries.jsonl'), articles);
    const stories = await readStories(place('stories.jsonl'));
    const items = await readTriageSet(place('triage.jsonl'), taxonomy);
    for (const set of [articles, queries, stories, items])
      for (const language of ['zh', 'en'])
        expect(set.filter(({ lang }) => lang === language).length).toBeGreaterThan(20);
  });
});
