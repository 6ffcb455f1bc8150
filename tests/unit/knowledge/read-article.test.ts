import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PROJECT_ROOT } from '../../../src/config.ts';
import { validityOf } from '../../../src/knowledge/article.ts';
import { cutChunks, weigh } from '../../../src/knowledge/chunks.ts';
import { readArticle } from '../../../src/knowledge/read-article.ts';

const FRONT = `---
slug: late-parcel
lang: en
title: My parcel is late
topics: [deposit]
owner: payments
valid_from: 2026-11-01
review_by: 2027-05-01
---
`;
const file = (body: string) => `${FRONT}\n${body}`;

describe('reading an article', () => {
  test('gives title, dates and body of a Markdown file', () => {
    expect(readArticle('a.md', file('Wait a day.\r\nThen ask.'))).toEqual({
      slug: 'late-parcel',
      language: 'en',
      title: 'My parcel is late',
      topics: ['deposit'],
      owner: 'payments',
      valid_from: '2026-11-01',
      valid_until: null,
      review_by: '2027-05-01',
      audience: 'customer',
      applies_to: [],
      body: 'Wait a day.\nThen ask.',
    });
  });

  test.each([
    ['an empty body', file('  \n\n'), /a\.md: \/body is empty/],
    ['headings alone', file('## Steps\n\n## Causes'), /\/body is empty/],
    ['no front matter', 'Wait a day.', /must begin with front matter/],
    ['front matter that is no YAML', '---\ntitle: [\n---\nWait.', /no YAML/],
    ['an unknown language', file('Wait.').replace('lang: en', 'lang: fr'), /\/lang must be one of: zh, en/],
    ['a misspelt key', file('Wait.').replace('owner:', 'ownr:'), /\/owner is required/],
    ['a date that is none', file('Wait.').replace('2027-05-01', 'soon'), /\/review_by must be a date/],
    ['a script', file('Wait.\n\n<script>alert(1)</script>'), /\/body holds HTML \(line 3\)/],
    ['an event handler', file('![x](a.png) <img src=x onerror=alert(1)>'), /holds HTML/],
    ['a comment', file('Wait. <!-- hidden -->'), /holds HTML/],
    ['a link that runs a script', file('[press](javascript:alert(1))'), /holds a link/],
    ['a link that hides its scheme', file('[press](java&#115;cript:alert(1))'), /holds a link/],
    ['a link with data in it', file('[press]( data:text/html;base64,xx)'), /holds a link/],
  ])('refuses %s by name', (_, source, message) => {
    expect(() => readArticle('a.md', source)).toThrow(message);
  });

  test('takes links of the web, autolinks and a lone less-than sign', () => {
    const body = 'See [limits](https://example.com/a) and <https://example.com> when 3 < 4.';
    expect(readArticle('a.md', file(body)).body).toBe(body);
  });

  test('is valid between its dates, and stale after its review', () => {
    const dates = { valid_from: '2026-11-01', valid_until: '2027-12-31', review_by: '2027-05-01' };
    const days = ['2026-10-31', '2026-11-01', '2027-05-01', '2027-05-02', '2027-12-31', '2028-01-01'];
    expect(days.map((day) => validityOf(dates, day))).toEqual([
      'not_yet',
      'current',
      'current',
      'stale',
      'stale',
      'expired',
    ]);
  });
});

describe('cutting into chunks', () => {
  test('keeps sections apart, steps whole and sentences quotable', () => {
    const body = '先看这里。再等等。\n\n## 处理步骤\n\n1. 请打开设置。\n2. 请**联系**我们。\n\n## 原因\n\n- 网络';
    const chunks = cutChunks(body);
    expect(chunks.map(({ heading, sentences }) => [heading, sentences.map(({ text }) => text)])).toEqual([
      ['', ['先看这里。', '再等等。']],
      ['处理步骤', ['请打开设置。', '请联系我们。']],
      ['原因', ['网络']],
    ]);
    expect(chunks[1]?.sentences.map(({ kind }) => kind)).toEqual(['step', 'step']);
    for (const { sentences } of chunks)
      for (const { start, end, text } of sentences) expect(body.slice(start, end).replaceAll('**', '')).toBe(text);
  });

  test('never exceeds what the encoder takes, and loses no letter', () => {
    const word = fc.constantFrom(
      '账户',
      '提现。',
      'account ',
      'fee. ',
      '\n\n',
      '1. ',
      'x'.repeat(900),
      '字'.repeat(900),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), (words) => {
        const body = words.join('');
        const chunks = cutChunks(body);
        for (const { text } of chunks) expect(weigh(text)).toBeLessThanOrEqual(400);
        const letters = (text: string) => text.replaceAll(/[^\p{L}]/gu, '');
        expect(letters(chunks.map(({ text }) => text).join(''))).toBe(letters(body));
      }),
      { numRuns: 60 },
    );
  });

  test('reads every shipped article, in pairs with the same steps', async () => {
    const folder = path.join(PROJECT_ROOT, 'data/articles');
    const read = async (language: string) => {
      const names = (await readdir(path.join(folder, language))).sort();
      return Promise.all(
        names.map(async (name) => readArticle(name, await readFile(path.join(folder, language, name), 'utf8'))),
      );
    };
    const [zh, en] = [await read('zh'), await read('en')];
    const shape = (articles: typeof zh) =>
      articles.map(({ slug, topics, body }) => [
        slug,
        topics,
        cutChunks(body).flatMap(({ sentences }) => sentences.filter(({ kind }) => kind === 'step')).length,
      ]);
    expect(zh.length).toBeGreaterThanOrEqual(40);
    expect(shape(zh)).toEqual(shape(en));
  });
});
