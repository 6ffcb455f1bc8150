import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalize } from '../../../src/text/normalize.ts';
import { track } from '../../../src/text/tracked.ts';
import { anyText } from '../../_util/text.ts';

const folded = (text: string) => normalize(track(text)).text;

describe('the form that rules read', () => {
  it.each([
    ['capitals', 'My ACCOUNT', 'my account'],
    ['full width', 'ＡＢＣ１２３＠ｑｑ．ｃｏｍ！', 'abc123@qq.com!'],
    ['Traditional', '帳戶裡的錢不見了，請儘快處理', '账户里的钱不见了,请尽快处理'],
    ['variants of one word', '帐号卡著，妳們幫幫忙', '账号卡着,你们帮帮忙'],
    ['curly apostrophes', 'I can’t, I won`t, I don´t', "i can't, i won't, i don't"],
    ['spaces of all kinds', 'a\u00A0b\u3000c\td\u2009e', 'a b c d e'],
    ['line breaks of all kinds', 'a\nb\u2028c\u0085d\fe', 'a\nb\nc\nd\ne'],
    ['a carriage return', 'a\r\nb', 'a \nb'],
    ['controls', 'ha\u0000c\u001Bk\u007Fe\u0090d', 'hacked'],
    ['zero-width signs', 'h\u200Ba\u200Dc\u2060k\uFEFFe\u00ADd', 'hacked'],
    ['direction marks', '被\u202E盗\u2066了', '被盗了'],
    ['variation selectors', '被\uFE0F盗\uFE0F了 ❤️', '被盗了 ❤'],
    ['a selector behind a mark', 'e\u0301\uFE0F', 'é'],
    ['fillers that look like nothing', '被\u3164盗\u115F了', '被盗了'],
    ['keycap digits', '1️⃣3️⃣8️⃣', '138'],
    ['fancy letters', '𝓱𝓪𝓬𝓴𝓮𝓭 ⓗⓔⓛⓟ', 'hacked help'],
    ['ligatures and units', 'ﬁne 5㎏', 'fine 5kg'],
    ['decomposed letters', 'cafe\u0301', 'café'],
    ['Turkish capitals', 'İ', 'i̇'],
    ['nothing', '', ''],
  ])('folds %s', (_what, text, expected) => {
    expect(folded(text)).toBe(expected);
  });

  it('leaves emoji, other scripts and halves of surrogate pairs readable', () => {
    expect(folded('😡 Деньги пропали! お金 \uD83D')).toBe('😡 деньги пропали! お金 \uD83D');
  });

  it('cuts stacks of combining marks', () => {
    const zalgo = folded(`h${'\u0300'.repeat(500)}i`);
    expect(zalgo.length).toBeLessThan(10);
    expect(zalgo.startsWith('h')).toBe(true);
    expect(zalgo.endsWith('i')).toBe(true);
  });

  it('never lets through a control, an invisible sign, a Latin capital or a full-width sign', () => {
    fc.assert(
      fc.property(anyText, (source) => {
        expect(folded(source)).not.toMatch(
          /(?!\n)\p{Cc}|\p{Default_Ignorable_Code_Point}|[A-Z]|[\uFF01-\uFF5E]|\u3000/u,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('reads the same words wherever invisible signs are put', () => {
    const sign = fc.constantFrom('\u200B', '\u200D', '\uFE0F', '\u00AD', '\u2063', '\u202C');
    const spot = fc.tuple(fc.nat(12), sign);
    fc.assert(
      fc.property(fc.array(spot, { maxLength: 8 }), (spots) => {
        const split = [...'我的帳戶Hacked被盜'];
        for (const [at, invisible] of spots) split.splice(at, 0, invisible);
        expect(folded(split.join(''))).toBe('我的账户hacked被盗');
      }),
    );
  });
});
