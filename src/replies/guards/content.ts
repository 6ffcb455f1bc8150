import { toUnits } from '../../text/units.ts';
import { detectLanguage } from '../../triage/language.ts';
import { redact } from '../../triage/redact.ts';
import { finding, fold, type Guard } from './context.ts';
import { variants } from './wording.ts';

const LINK =
  /(?:https?|ftp|javascript|data|file|tel|mailto|intent|weixin):\S*|\bwww\.\S+|(?<![\w.])(?:[a-z0-9](?:[a-z0-9-]{0,62})\s?(?:\.|\[\.\]|\(\.\)|。|(?: dot | 点 ))\s?){1,6}(?:com|net|org|io|cn|co|app|xyz|top|vip|info|me|cc|ru|site|online|shop|biz|link|live|pro|tv|tk|ly|gg|dev|ai|fm|one|club|wang|uk|de|hk|us|eu|example|test)(?![a-z0-9])\S*|\b\d{1,3}(?:\.\d{1,3}){3}\b/gu;
const CONTACT =
  /(?:微信|v信|薇信|威信|vx|加v|qq群?|电报群?|飞机群|(?<![a-z])tg群?(?![a-z])|whatsapp|telegram|wechat|viber|discord|skype|signal me|line id|t\.me)|(?<![\w.])@[a-z0-9_]{3,}/gu;
const HOST = /^(?:[a-z]+:\/\/)?(?:[^/@\s]*@)?([^/:?#\s]+)/u;

/** Links outside the allow-list, and ways to reach people outside of the product. */
export const linkGuard: Guard = ({ text, at }, { allowedHosts }) => {
  for (const [link] of text.matchAll(LINK)) {
    const host = HOST.exec(link)?.[1]?.replace(/[.。,，]+$/u, '') ?? '';
    const isAllowed =
      /^https:\/\/|^[a-z0-9]/u.test(link) &&
      !/^(?!https:)[a-z]+:/u.test(link) &&
      !/^[^/]*@/u.test(link.replace(/^https:\/\//u, '')) &&
      allowedHosts.some((allowed) => host === allowed || host.endsWith(`.${allowed}`));
    if (!isAllowed) return [finding('link', at, link)];
  }
  const contact = variants(text).flatMap(contactsIn)[0];
  return contact === undefined ? [] : [finding('link', at, contact)];
};

/** Says that we do not; “if you write to us on …” says the opposite. */
const DENIED =
  /(?:我们|客服|员工|同事|平台)[^。,;]{0,4}(?:不会|从不|绝不|不)[^。,;]{0,6}$|\b(?:we|support|staff|agents?|colleagues?)\b[^.,;]{0,12}\b(?:never|not)\b[^.,;]{0,24}$/u;

/** Ways to reach people elsewhere; that we do not use one may be said. */
function contactsIn(text: string): string[] {
  return [...text.matchAll(CONTACT)]
    .filter(({ index, 0: contact }) => contact.startsWith('@') || !DENIED.test(text.slice(0, index)))
    .map(([contact]) => contact);
}

const MASK = /\[(?:EMAIL|CARD|ID_CARD|PHONE|WALLET|IBAN|PASSPORT)\]/u;

/** Personal data, also where it was masked already: a mask in a reply tells that something was there. */
export const personalGuard: Guard = ({ sentence, at }) => {
  const { redactions } = redact(sentence.text);
  const kinds = [...new Set(redactions.map(({ kind }) => kind))].join(', ');
  if (kinds !== '') return [finding('personal_data', at, kinds)];
  return MASK.test(sentence.text) ? [finding('personal_data', at, MASK.exec(sentence.text)?.[0] ?? null)] : [];
};

/** Runs of another customer’s words that are neither this customer’s nor of a source. */
const SHARED_HAN = 10;
const SHARED_WORDS = 6;

export const foreignGuard: Guard = ({ text, at }, { others, supports, factTexts }) => {
  if (others.length === 0) return [];
  const own = [...supports, ...factTexts].map(fold);
  for (const run of runsOf(text)) {
    if (own.some((support) => support.includes(run))) continue;
    if (others.some((other) => fold(other).includes(run))) return [finding('foreign_text', at, run)];
  }
  return [];
};

function* runsOf(text: string): Generator<string> {
  for (let at = 0; at + SHARED_HAN <= text.length; at++) {
    const run = text.slice(at, at + SHARED_HAN);
    if (/^\p{Script=Han}+$/u.test(run)) yield run;
  }
  const words = text.split(/\s+/u);
  for (let at = 0; at + SHARED_WORDS <= words.length; at++) yield words.slice(at, at + SHARED_WORDS).join(' ');
}

const OTHER_SCRIPT =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Devanagari}]/u;
const MIN_WORDS = 5;

/** A Chinese reply is Chinese and an English one English; what the customer named may stand in either. */
export const languageGuard: Guard = ({ sentence, text, at }, { language, factTexts }) => {
  const foreign = OTHER_SCRIPT.exec(sentence.text)?.[0];
  if (foreign !== undefined) return [finding('language', at, foreign)];
  const own = factTexts.reduce((rest, fact) => rest.replaceAll(fold(fact), ' '), text);
  const han = own.match(/\p{Script=Han}/gu)?.length ?? 0;
  const words = toUnits(own).filter(({ kind }) => kind === 'word');
  if (language === 'zh') {
    const isWrong = words.length >= MIN_WORDS && han < words.length * 2;
    return isWrong || (han === 0 && words.length > 1) ? [finding('language', at, sentence.text.slice(0, 60))] : [];
  }
  if (han > 0) return [finding('language', at, own.match(/\p{Script=Han}+/u)?.[0] ?? null)];
  const guess = words.length < MIN_WORDS ? 'en' : detectLanguage(own, toUnits(own));
  return guess === 'en' || guess === 'und' ? [] : [finding('language', at, sentence.text.slice(0, 60))];
};

const HIDDEN = /[\p{Cf}\p{Co}\p{Cn}]|(?!\n)\p{Cc}/u;
const MARKUP =
  /<\/?[a-z!?][^>]{0,200}>?|&(?:#\w+|[a-z]{2,8});|!?\[[^\]]*\]\s?\(|```|\{\{|\}\}|\$\{|<%|%3c|\\u00|\{\s?["'“]?\w+["'”]?\s?:/iu;
const MIXED_SCRIPT =
  /\p{Script=Latin}[\p{Script=Cyrillic}\p{Script=Greek}]|[\p{Script=Cyrillic}\p{Script=Greek}]\p{Script=Latin}/u;
const ENCODED =
  /(?<![\w-])(?=[\w+/=]*\d)(?=[\w+/=]*[a-z])(?=[\w+/=]*[A-Z])[\w+/]{16,}={0,2}(?![\w-])|(?:[01]{8}\s?){2,}|(?:\\x[\da-f]{2}){2,}/u;

/** Code, markup, characters that nobody sees, letters of two scripts in one word, encoded text. */
export const markupGuard: Guard = ({ sentence, at }) => {
  for (const pattern of [HIDDEN, MARKUP, MIXED_SCRIPT, ENCODED]) {
    const quote = pattern.exec(sentence.text)?.[0];
    if (quote !== undefined) return [finding('markup', at, JSON.stringify(quote).slice(0, 80))];
  }
  return [];
};
