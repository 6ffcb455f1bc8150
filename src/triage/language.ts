import { detectAll } from 'tinyld';
import type { Unit } from '../text/units.ts';

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
  'the a an i im my me you your it is are was be to of in on for and or not no cant dont why how what when where with this that please help love great good bad app login account money withdraw deposit order chart price support nice thanks thank hello hi hey fix crash slow still again after from have has can do does did want need add trading trade'.split(
    ' ',
  ),
);
/** Below this share of the text the smaller script does not count (set on the seed examples). */
const MINOR_SHARE = 0.22;
const FOREIGN_CONFIDENCE = 0.5;
const MIN_FOREIGN_WORDS = 3;
/** Letter statistics settle long before this many characters. */
const MAX_CHARACTERS = 2_000;

/** The language of a text that was cut into units: the share of scripts first, then letter statistics. */
export function detectLanguage(text: string, units: readonly Unit[]): Language {
  const han = units.filter((unit) => unit.kind === 'han');
  const words = units.filter((unit) => unit.kind === 'word' && !JARGON.has(unit.form));
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) return 'ja';
  if (/\p{Script=Hangul}/u.test(text)) return 'ko';
  if (han.length === 0 && words.length === 0) return 'und';
  if (words.length === 0) return 'zh';
  if (han.length === 0) return latinLanguage(text, words);
  // A Chinese word has about 1.6 characters.
  const chinese = han.length / 1.6;
  const share = words.length / (words.length + chinese);
  if (share < MINOR_SHARE || words.length < 2) return 'zh';
  return 1 - share < MINOR_SHARE && chinese < 3 ? 'en' : 'mixed';
}

function latinLanguage(text: string, words: readonly Unit[]): Language {
  const english = words.filter((word) => ENGLISH.has(word.form)).length;
  if (english / words.length >= 0.12) return 'en';
  const [best] = detectAll(text.slice(0, MAX_CHARACTERS));
  if (best === undefined) return 'und';
  if (best.lang === 'en' || (words.length >= MIN_FOREIGN_WORDS && best.accuracy >= FOREIGN_CONFIDENCE))
    return best.lang;
  return /^[\s\p{Script=Latin}\p{Script=Common}]*$/u.test(text) ? 'en' : best.lang;
}
