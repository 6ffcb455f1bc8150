import { detectAll } from 'tinyld';
import type { Unit } from '../text/units.ts';
import { countForeign } from './foreign-words.ts';

/** `zh`, `en`, `mixed` (both at once), another ISO 639-1 code, or `und` where there is nothing to tell by. */
export type Language = string;

/** Latin words that stand in Chinese sentences without making them mixed: tickers, units, names of things. */
const JARGON = new Set(
  'u usd usdt usdc btc eth bnb sol trx xrp cny rmb trc erc bep app api kyc otc apk ios android web pc vip id uid ip ok k w gas nft defi dex cex ai pnl sl tp k线 kline email sms google pro max bug ui faq h5 mt4 mt5 sdk http https www com websocket rest p2p c2c ca aml vpn wifi pin pdf qq wechat twitter telegram tg x'.split(
    ' ',
  ),
);
/** Everyday English: enough of these and a Latin text is English, whatever a statistical guess says of so few letters. */
const ENGLISH = new Set(
  'the a an i im my me you your it is are was be to of in on for and or not no cant dont why how what when where with this that please help love great good bad app login account money withdraw deposit order chart price support nice thanks thank thx pls plz hello hi hey fix crash slow still again after from have has all by at as only since per ago last can do does did want need add trading trade'.split(
    ' ',
  ),
);
/** Below this share of the text the smaller script does not count (set on the seed examples). */
const MINOR_SHARE = 0.22;
/** Shares of everyday English words: enough by itself, and enough unless the statistics are sure (`no`, `me`, `a` are Spanish too). */
const ENGLISH_SHARE = 0.3;
const SOME_ENGLISH_SHARE = 0.12;
const SURE_CONFIDENCE = 0.9;
const MIN_SURE_WORDS = 5;
const FOREIGN_CONFIDENCE = 0.5;
const MIN_FOREIGN_WORDS = 3;
/** Of so many words without an English one among them even a weak guess counts (7 of 2 759 English examples have as many). */
const MIN_WORDS_WITHOUT_ENGLISH = 4;
/** What letter statistics may answer; of few English words they would make Berber, Kirundi and Japanese. */
const LANGUAGES = 'en es fr de it pt nl pl tr vi id ro cs sv da fi hu no ru uk bg el ar he fa hi bn th'.split(' ');
/** Letter statistics settle long before this many characters. */
const MAX_CHARACTERS = 2_000;

/** The language of a text that was cut into units: the share of scripts first, then letter statistics. */
export function detectLanguage(text: string, units: readonly Unit[]): Language {
  const han = units.filter((unit) => unit.kind === 'han');
  const words = units.filter((unit) => unit.kind === 'word' && !JARGON.has(unit.form));
  if (isWrittenIn(/[\p{Script=Hiragana}\p{Script=Katakana}]/gu, text, han.length)) return 'ja';
  if (isWrittenIn(/\p{Script=Hangul}/gu, text, han.length)) return 'ko';
  if (han.length === 0 && words.length === 0) return 'und';
  if (words.length === 0) return 'zh';
  if (han.length === 0) return latinLanguage(text, words);
  // A Chinese word has about 1.6 characters.
  const chinese = han.length / 1.6;
  const share = words.length / (words.length + chinese);
  if (share < MINOR_SHARE || words.length < 2) return 'zh';
  return 1 - share < MINOR_SHARE && chinese < 3 ? 'en' : 'mixed';
}

/** Whether signs of a script are more than a loan such as の or the face of a ¯\\_(ツ)_/¯. */
function isWrittenIn(script: RegExp, text: string, han: number): boolean {
  const count = text.match(script)?.length ?? 0;
  return count > 1 && count >= han / 4;
}

function latinLanguage(text: string, words: readonly Unit[]): Language {
  const known = words.filter((word) => ENGLISH.has(word.form)).length;
  const foreign = countForeign(words.map((word) => word.form));
  // Of what is written alike, such as `no`, one everyday word of another language tells whose it is.
  if (foreign.count > 0 && foreign.count >= known) return foreign.language;
  const english = known / words.length;
  if (english >= ENGLISH_SHARE) return 'en';
  const [best] = detectAll(text.slice(0, MAX_CHARACTERS), { only: LANGUAGES });
  const isSure = best !== undefined && words.length >= MIN_SURE_WORDS && best.accuracy >= SURE_CONFIDENCE;
  if (english >= SOME_ENGLISH_SHARE && !isSure) return 'en';
  if (best?.lang === 'en') return 'en';
  if (best !== undefined && words.length >= MIN_FOREIGN_WORDS && best.accuracy >= FOREIGN_CONFIDENCE) return best.lang;
  if (best !== undefined && known === 0 && words.length >= MIN_WORDS_WITHOUT_ENGLISH) return best.lang;
  return /^[\s\p{Script=Latin}\p{Script=Common}]*$/u.test(text) ? 'en' : (best?.lang ?? 'und');
}
