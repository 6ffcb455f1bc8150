import { expect, test } from 'vitest';
import { normalize } from '../../../src/text/normalize.ts';
import { PhraseTable, placesOf } from '../../../src/text/phrase-table.ts';
import { findPhrase, indexUnits, parsePhrase } from '../../../src/text/phrases.ts';
import { track } from '../../../src/text/tracked.ts';
import { SENTENCE_ENDS, toUnits } from '../../../src/text/units.ts';

const phrases = ['account|wallet hacked', '# days', '提现 ~4 没到', 'log_in|sign_in', 'never'].map(parsePhrase);
const table = new PhraseTable(phrases);
const read = (source: string) =>
  indexUnits(toUnits(normalize(track(source)).text), (unit) => SENTENCE_ENDS.has(unit.form));

test.each([
  'My wallet hacked, 3 days ago. Account hacked again!',
  '提现三天没到，提现也没到',
  'cannot log in, cannot sign in, 5 days',
  'nothing of it',
  '',
])('finds what each phrase finds alone: %j', (text) => {
  const index = read(text);
  const found = table.findAll(index);
  for (const phrase of phrases) expect(found.get(phrase) ?? []).toEqual(findPhrase(phrase, index));
  expect(placesOf(found, phrases)).toEqual(phrases.flatMap((phrase) => findPhrase(phrase, index)));
});
