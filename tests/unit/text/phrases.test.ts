import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalize } from '../../../src/text/normalize.ts';
import { findPhrase, indexUnits, parsePhrase } from '../../../src/text/phrases.ts';
import { track } from '../../../src/text/tracked.ts';
import { SENTENCE_ENDS, toUnits } from '../../../src/text/units.ts';

function find(phrase: string, source: string) {
  const { text } = normalize(track(source));
  const index = indexUnits(toUnits(text), (unit) => SENTENCE_ENDS.has(unit.form));
  return findPhrase(parsePhrase(phrase), index).map((match) => ({
    ...match,
    quote: text.slice(match.start, match.end),
  }));
}
const quotes = (phrase: string, source: string) => find(phrase, source).map(({ quote }) => quote);

describe('phrase notation', () => {
  it.each([
    // alternatives, and the next element directly behind
    ['account|wallet hacked', 'My wallet hacked!', ['wallet hacked']],
    ['account|wallet hacked', 'My wallet was hacked', []],
    ['账户|账号 被盗|被黑', '账号被黑了', ['账号被黑']],
    ['账户|账号 被盗|被黑', '账号昨天被黑了', []],
    // words by stem, Han by character
    ['withdraw pending', 'Withdrawals pending', ['withdrawals pending']],
    ['steal', 'they stole it', ['stole']],
    ['提现', '提现', ['提现']],
    ['提现', '提 现', ['提 现']],
    // gaps
    ['账户 ~6 被盗', '账户昨天晚上被盗', ['账户昨天晚上被盗']],
    ['账户 ~3 被盗', '账户昨天晚上被盗', []],
    ['account ~2 locked', 'account is now locked', ['account is now locked']],
    ['account ~2 locked', 'account locked', ['account locked']],
    ['account ~2 locked', 'account is now fully locked', []],
    ['a ~2 b ~2 c', 'a x b y y c', ['a x b y y c']],
    // a gap looks further when the nearest candidate leads nowhere
    ['send ~5 to wrong', 'send to me, to wrong', ['send to me, to wrong']],
    // several words as one alternative
    ['log_in|sign_in failed', 'log in failed', ['log in failed']],
    ['log_in|sign_in failed', 'login failed', []],
    // optional elements
    ['你们 ?的 客服', '你们的客服', ['你们的客服']],
    ['你们 ?的 客服', '你们客服', ['你们客服']],
    ['你们 ?的|这 客服', '你们这客服', ['你们这客服']],
    ['close ?my ?own account', 'close my own account', ['close my own account']],
    ['close ?my ?own account', 'close own account', ['close own account']],
    ['close ?my ?own account', 'close account', ['close account']],
    ['leave ?you', 'we leave', ['leave']],
    // the very form
    ['=us', 'they told us', ['us']],
    ['=stole', 'they stole', ['stole']],
    ['=stole', 'they steal', []],
    ['=u 没了', '我的U没了', ['u没了']],
    // numbers
    ['lost #', 'lost 5,000.50 today', ['lost 5,000.50']],
    ['#|几 次', '第3次、几次、三次', ['3次', '几次']],
    ['3|三 次', '第3次', ['3次']],
    ['3|三 次', '第13次', []],
    ['2fa|otp', 'my 2FA is gone', ['2fa']],
    ['打 12315|消协', '我打12315', ['打12315']],
    ['12315 ~3 投诉', '去12315投诉', ['12315投诉']],
    ['3rd time', 'the 3rd time', ['3rd time']],
    ['#', '# hashtag', []],
  ])('%s in "%s"', (phrase, source, expected) => {
    expect(quotes(phrase, source)).toEqual(expected);
  });

  it.each([
    ['账户 ~20 被盗', '这是我的账户。朋友被盗'],
    ['账户 ~20 被盗', '账户！被盗'],
    ['account ~20 hacked', 'I like my account.\nSomeone was hacked'],
    ['account ~20 hacked', 'account? hacked'],
    ['account hacked', 'account\nhacked'],
    ['提现 ~9 没到', '提现；没到'],
  ])('%s never goes on behind the end of a sentence: "%s"', (phrase, source) => {
    expect(quotes(phrase, source)).toEqual([]);
  });

  it('goes on behind a comma, a colon and a decimal point', () => {
    expect(quotes('账户 ~6 被盗', '我的账户，昨天，被盗')).toEqual(['账户,昨天,被盗']);
    expect(quotes('sent ~4 nothing', 'sent 5.5 BTC: nothing')).toEqual(['sent 5.5 btc: nothing']);
  });

  it('is read as texts are: case, width, apostrophes, Traditional', () => {
    expect(quotes('ACCOUNT Hacked', 'account hacked')).toEqual(['account hacked']);
    expect(quotes("can't|can’t withdraw", 'I cant withdraw, I can’t withdraw')).toEqual([
      'cant withdraw',
      "can't withdraw",
    ]);
    expect(quotes('帳戶 被盜', '账户被盗')).toEqual(['账户被盗']);
    expect(quotes('账户 被盗', '帳戶被盜')).toEqual(['账户被盗']);
    expect(quotes('Ａｐｐ　闪退', 'app闪退')).toEqual(['app闪退']);
  });

  it('finds every place once, leftmost first, without overlaps', () => {
    expect(quotes('a|b ~3 c', 'a b c x a c b')).toEqual(['a b c', 'a c']);
    expect(quotes('提|提现', '提现提现')).toEqual(['提', '提']);
    expect(quotes('a a', 'a a a')).toEqual(['a a']);
  });

  it('tells what a gap passed over, so that a "not" in it can be seen', () => {
    const [match] = find('account ~3 hacked', 'account was not hacked');
    expect(match?.firstUnit).toBe(0);
    expect(match?.endUnit).toBe(4);
    expect(match?.skipped).toEqual([[1, 3]]);
    expect(find('a b', 'a b')[0]?.skipped).toEqual([]);
  });
});

describe('notation that cannot be used', () => {
  it.each([
    ['', /empty/],
    ['   ', /empty/],
    ['a||b', /empty/],
    ['a|', /empty/],
    ['=', /empty/],
    ['_', /empty/],
    ['~3 a', /~1 to ~30 and follows an element/],
    ['a ~0 b', /~1 to ~30/],
    ['a ~31 b', /~1 to ~30/],
    ['a ~ b', /~1 to ~30/],
    ['a ~x b', /~1 to ~30/],
    ['a ~3b', /~1 to ~30/],
    ['a ~2 ~3 b', /~1 to ~30/],
    ['a ~3', /begins and ends with a word/],
    ['?a b', /begins and ends with a word/],
    ['被盗。谢谢', /ends a sentence/],
    ['a|?b c', /ends a sentence/],
    ['u.s', /ends a sentence/],
  ])('refuses %j and says why', (source, reason) => {
    expect(() => parsePhrase(source)).toThrow(RangeError);
    expect(() => parsePhrase(source)).toThrow(reason);
    expect(() => parsePhrase(source)).toThrow(`"${source}"`);
  });
});

/** What the notation means, word by word, without any index: slow and plainly right. */
function holdsSlowly(
  words: readonly string[],
  elements: readonly { gap: number; any: string[]; optional: boolean }[],
): boolean {
  const from = (at: number, position: number): boolean => {
    const element = elements[at];
    if (element === undefined) return true;
    const gaps = at === 0 ? words.map((_, index) => index) : Array.from({ length: element.gap + 1 }, (_, gap) => gap);
    const hit = gaps.some(
      (gap) => element.any.includes(words[position + gap] ?? '') && from(at + 1, position + gap + 1),
    );
    return hit || (at > 0 && element.optional && from(at + 1, position));
  };
  return from(0, 0);
}

describe('any phrase in any text', () => {
  const letter = fc.constantFrom('x', 'y', 'z', '提', '现');
  const element = fc.record({
    gap: fc.nat(3),
    any: fc.uniqueArray(letter, { minLength: 1, maxLength: 2 }),
    optional: fc.boolean(),
  });
  it('is found exactly where the notation says', () => {
    fc.assert(
      fc.property(
        fc.array(letter, { maxLength: 9 }),
        fc.array(element, { minLength: 1, maxLength: 3 }),
        (words, elements) => {
          const phrase = elements.map(({ gap, any, optional }, at) => {
            const gapped = at > 0 && gap > 0 ? `~${gap} ` : '';
            return `${gapped}${at > 0 && optional ? '?' : ''}${any.join('|')}`;
          });
          expect(quotes(phrase.join(' '), words.join(' ')).length > 0).toBe(holdsSlowly(words, elements));
        },
      ),
      { numRuns: 500 },
    );
  });
});
