import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalize } from '../../../src/text/normalize.ts';
import { track } from '../../../src/text/tracked.ts';
import { toUnits } from '../../../src/text/units.ts';
import { detectLanguage } from '../../../src/triage/language.ts';
import { anyText } from '../../_util/text.ts';

function languageOf(source: string) {
  const { text } = normalize(track(source));
  return detectLanguage(text, toUnits(text));
}

describe('language', () => {
  it.each([
    ['zh', '提现三天了还没到账，客服也不回复'],
    ['zh', '帳戶被盜了，請儘快幫我凍結'],
    ['zh', '我的USDT提现到TRC20地址，BTC没到账'],
    ['zh', 'app打不开'],
    ['zh', '在吗'],
    ['zh', '登录收不到email验证码，换了iPhone也不行'],
    ['en', 'My withdrawal has been pending for three days'],
    ['en', 'app keeps crashing on login'],
    ['en', 'help'],
    ['en', 'brilliant, simply brilliant'],
    ['en', 'it crashed again ¯\\_(ツ)_/¯ thank you so much for the update'],
    ['zh', '优の良品活动的赠金没到账'],
    ['en', 'thx!!'],
    ['en', 'Is “提现” the same as withdraw? I cannot find the button in the menu.'],
    ['mixed', '我的withdrawal一直pending，support完全不reply，please help'],
    ['mixed', 'The app says 余额不足 but my balance is fine, 请帮我看一下怎么回事'],
    ['ja', '出金がまだ届いていません'],
    ['ko', '출금이 아직 안 됐어요'],
    ['fr', 'Mon compte a été piraté, aidez-moi'],
    ['pt', 'Não consigo sacar meu dinheiro há três dias'],
    ['vi', 'Tôi không thể rút tiền trong ba ngày'],
    ['ru', 'Мои деньги пропали, помогите пожалуйста'],
    ['es', 'No puedo retirar mi dinero desde hace tres días y nadie me responde'],
    ['de', 'Meine Auszahlung ist seit einer Woche nicht angekommen, bitte prüfen Sie das'],
    ['de', 'Bitte senden Sie mir die Rechnung'],
    ['de', 'Danke schön!'],
    ['fr', 'Merci beaucoup'],
    ['es', 'La aplicacion no funciona'],
    ['es', 'Donde esta mi retiro'],
    ['it', 'Grazie mille'],
    ['pl', 'Nie moge sie zalogowac'],
    ['ro', 'Nu pot intra in cont'],
    ['en', 'stupid leverage rules'],
    ['en', 'Tax report export stops at 80 %.'],
    ['en', 'no me gusta? no idea what that means, please translate'],
    ['und', ''],
    ['und', '   \n'],
    ['und', '😡😡😡'],
    ['und', '12345 !!! ???'],
    ['und', 'BTC 50000 USDT'],
  ])('%s: %s', (expected, text) => {
    expect(languageOf(text)).toBe(expected);
  });

  it('always gives a code, whatever it reads', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(languageOf(text)).toMatch(/^(?:mixed|[a-z]{2,3})$/u);
      }),
    );
  });
});
