import { ENGLISH_NUMERAL } from './english-numerals.ts';

/*
 * Sums whose currency goes without saying: `85k stuck`, `八万五全没了`, `15 grand`, `a five-figure sum`, `六位数的本金`. A
 * number with a scale counts only beside words of money, and never where it counts something else (`10k followers`).
 */
const PAID = [
  'withdr[ae]w[a-z]*|cash|payouts?|deposit(?:ed|s)?|transfer(?:red)?|sent|send|wired?|lost|losing|owes?|owed|invested|put|funded',
  'balance|portfolio|savings?|equity|worth|stole|stolen|drained|took|taken|missing|stuck|frozen|froze|locked|holding|hold',
  'charged|deducted|seized|confiscated|borrowed|my|our',
].join('|');
const LINK =
  '(?:of|about|around|over|nearly|almost|some|roughly|in|out|me|the|my|total|with|is|was|exactly|another|under)';
const BEHIND = [
  'gone|missing|stuck|frozen|locked|stolen|vanished|still|withdrawals?|deposits?|payouts?|transfer|disappeared|drained|in limbo',
  'is gone|is missing|is stuck|has not|hasn|never|of mine|of my|trapped|blocked|held|lost|evaporated|in my|pending|from my|out of my',
].join('|');
const COUNTED_EN = [
  'followers|users|people|subs|subscribers|views|requests|orders|rows|times|traders|clients|members|customers|calls|candles',
  'words|shares|contracts|units|lots|pips|points|steps|miles|messages|likes|downloads|reviews|of us|ms|resolution|monitor|screen',
].join('|');
const COUNTED_ZH = '人名个位次条股手张粉字家台点年步份件倍%户只笔天小分秒里米公号多';
const SCALED_EN = String.raw`(?:\d+(?:[.,]\d+)?\s?(?:k|grand|lakhs?|lac|crores?|million|mil)|${ENGLISH_NUMERAL}\s(?:thousand|grand|million|lakhs?|crores?)|(?:hundred\s)?grand)`;
/** A round number right behind what is done with money; one that is not round may be an order's. */
const ROUND = String.raw`[1-9]\d{2,4}00`;
export const BARE_ENGLISH = new RegExp(
  String.raw`(?<=(?<![a-z])(?:${PAID})\s(?:${LINK}\s){0,2})(${SCALED_EN})(?![a-z\d])(?!\s(?:${COUNTED_EN})(?![a-z]))|(?<![a-z\d.,#$])(${SCALED_EN})(?=\s(?:${BEHIND})(?![a-z]))|(?<=(?<![a-z])(?:withdrawal|deposit|transfer|payout)\sof\s)(${ROUND})(?![\d.,]|\s(?:${COUNTED_EN})(?![a-z]))`,
  'giu',
);

const MONEY_ZH =
  '提现?|充值?|转账?|存|亏损?|欠|投|汇|打款?|扣|冻结?|锁|卡|剩|有|损失|本金|余额|资金|入金|出金|借|赔|押|丢|少|没|爆|钱|积蓄|值|保证金|盈利|利润|攒|骗|盗|货款';
const LINK_ZH = '(?:[了着出来进去走我的那这约共掉]|大概|差不多|将近|一共|整整|接近|超过|不到){0,4}';
const LOST_ZH =
  '的?(?:提现|充值|转账|汇款|入金|出金)|没|不见|被|全|都|还在|卡|冻|锁|扣|到不|提不|未|打水漂|蒸发|凭空|拿不|取不|一直|迟迟|的?(?:本金|资金|存款|积蓄|余额|血汗钱|救命钱|保证金|利润|盈利|养老)';
const FEW = '一二两三四五六七八九';
const SCALED_ZH = String.raw`(?:\d+(?:\.\d+)?\s?[万w]\d?(?![\da-z])|[${FEW}十百千几]{1,6}[多来余]?万(?:[${FEW}]千?(?:[${FEW}]百)?)?)`;
export const BARE_CHINESE = new RegExp(
  String.raw`(?<=(?:${MONEY_ZH})${LINK_ZH})(${SCALED_ZH})(?![${COUNTED_ZH}])|(?<![\d.${FEW}十百千万几])(${SCALED_ZH})(?=[多余来]?[,，、\s]?(?:${LOST_ZH}))|(?<=(?:提现|充值|转账|汇款|入金|出金)了?\s?)(${ROUND})(?![\d.${COUNTED_ZH}])`,
  'giu',
);

export const FIGURES_ENGLISH = /(?<![a-z])(four|five|six|seven|eight|[4-8])[\s-]figures?(?![a-z])/giu;
/** `六位数` alone may be a code: it needs a currency or a word of money. */
export const FIGURES_CHINESE =
  /([四五六七八4-8])位数\s?的?\s?(人民币|块|元|美金|美元|美刀|刀|usdt|u(?![a-z])|本金|资金|存款|积蓄|余额|损失|钱|保证金|款)/giu;

const BELOW =
  /(?:不到|不足|将近|接近|less than|under|just shy of|shy of|nearly|almost|close to)\s?(?:usd|us\$|[$€£¥])?\s?$/iu;
const PRICE_EN =
  /(?:price|liquidat[a-z]*|fill[a-z]*|entry|stop|strike|bought|sold|quot[a-z]*|trad[a-z]*|wick[a-z]*|spik[a-z]*|btc|eth|bitcoin|gold)[^.!?]{0,24}(?:at|@)\s?$/iu;
const PRICE_ZH = /(?:价格?|价位|点位|跌到|涨到|插到|扎到|打到|砸到|拉到|最低|最高|触及|触碰)[^。!?,]{0,4}$/u;
/** How far back the words before a sum are read. */
const BACK = 40;

/** Whether the words before a sum say that it is less: "just under 10k", 不到一万. */
export function isBelow(text: string, start: number): boolean {
  return BELOW.test(text.slice(Math.max(0, start - BACK), start));
}

/** Whether the words before a figure make it a price: "filled at $95,000", 跌到 90000U. */
export function isPrice(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - BACK), start);
  return PRICE_EN.test(before) || PRICE_ZH.test(before);
}
