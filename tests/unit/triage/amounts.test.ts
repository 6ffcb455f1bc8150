import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../../../src/config.ts';
import { loadPolicy } from '../../../src/policy.ts';
import { normalize } from '../../../src/text/normalize.ts';
import { track } from '../../../src/text/tracked.ts';
import { type AmountReader, createAmountReader } from '../../../src/triage/amounts.ts';
import { parseChinese } from '../../../src/triage/numerals.ts';

let readAmounts: AmountReader;
beforeAll(async () => {
  ({ readAmounts } = await loadPolicy(`${PROJECT_ROOT}/data`));
});

const read = (source: string) => readAmounts(normalize(track(source)).text);
const sums = (source: string) => read(source).map(({ amount, currency }) => `${amount} ${currency}`);

describe('sums as customers write them', () => {
  it.each([
    // Chinese
    ['提了5000U没到', '5000 USDT'],
    ['卡里１２０００元没了', '12000 CNY'],
    ['充了1.2万U', '12000 USDT'],
    ['亏了五万块', '50000 CNY'],
    ['亏了五万块钱', '50000 CNY'],
    ['三千五百美金', '3500 USD'],
    ['三万五U', '35000 USDT'],
    ['两千五块', '2500 CNY'],
    ['一万零五百元', '10500 CNY'],
    ['十五万人民币', '150000 CNY'],
    ['一百多万U', '1000000 USDT'],
    ['几十万刀', '300000 USD'],
    ['一亿两千万元', '120000000 CNY'],
    ['半个比特币', '0.5 BTC'],
    ['3万5U', '35000 USDT'],
    ['1万2千块', '12000 CNY'],
    ['2千3百元', '2300 CNY'],
    ['5万多U', '50000 USDT'],
    ['5000多刀', '5000 USD'],
    ['5万+U', '50000 USDT'],
    ['3万余元', '30000 CNY'],
    ['5wU', '50000 USDT'],
    ['20w人民币', '200000 CNY'],
    ['20Wrmb', '200000 CNY'],
    ['12kU', '12000 USDT'],
    ['2个大饼', '2 BTC'],
    ['100个U', '100 USDT'],
    ['3枚以太坊', '3 ETH'],
    ['￥3000', '3000 CNY'],
    ['¥3,000.50', '3000.5 CNY'],
    ['1-2万U', '20000 USDT'],
    ['５０００港币', '5000 HKD'],
    ['賬戶少了5000美元', '5000 USD'],
    ['三千油', '3000 USDT'],
    // English
    ['85,000 USDT', '85000 USDT'],
    ['$12,000.50', '12000.5 USD'],
    ['US$500', '500 USD'],
    ['HK$80,000', '80000 HKD'],
    ['NT$5000', '5000 TWD'],
    ['$1.5m', '1500000 USD'],
    ['$ 12k', '12000 USD'],
    ['3k bucks', '3000 USD'],
    ['1.2 million dollars', '1200000 USD'],
    ['5 thousand pounds', '5000 GBP'],
    ['€1.234,56', '1234.56 EUR'],
    ['12.000,50 euros', '12000.5 EUR'],
    ['1,000,000 yen', '1000000 JPY'],
    ['1.000.000 €', '1000000 EUR'],
    ['0,5 BTC', '0.5 BTC'],
    ['0.00012 btc', '0.00012 BTC'],
    ['50 ETH', '50 ETH'],
    ['usd 5k', '5000 USD'],
    ['RMB70000', '70000 CNY'],
    ['₹50000', '50000 INR'],
    ['pnl -500 USD', '500 USD'],
    ['10-20k USDT', '20000 USDT'],
    ['5 grand quid', '5000 GBP'],
    ['twelve thousand dollars', '12000 USD'],
    ['twenty-five thousand five hundred US dollars', '25500 USD'],
    ['a hundred and twenty euros', '120 EUR'],
    ['half a million dollars', '500000 USD'],
    ['a quarter of a million quid', '250000 GBP'],
    ['a couple of thousand pounds', '2000 GBP'],
    ['tens of thousands of dollars', '20000 USD'],
    ['half a bitcoin', '0.5 BTC'],
    ['Rs. 45,000', '45000 INR'],
    ['Rs 2 lakh', '200000 INR'],
    ['₹1.5 crore', '15000000 INR'],
    ['₦12m', '12000000 NGN'],
    ['AUD 3,250', '3250 AUD'],
    ['RM 40,000', '40000 MYR'],
    ['A$15k', '15000 AUD'],
    ['人民币贰拾叁万元', '230000 CNY'],
    ['港幣六萬元', '60000 HKD'],
    ['美金八万', '80000 USD'],
    ['新台币30万', '300000 TWD'],
    // The currency goes without saying
    ['亏了7万', '70000 CNY'],
    ['提了八万五没到账', '85000 CNY'],
    ['我八万五的提现还没到', '85000 CNY'],
    ['提现85000一周没到', '85000 CNY'],
    ['a withdrawal of 85000 is pending', '85000 USD'],
    ['30w被冻', '300000 CNY'],
    ['三十多万全没了', '300000 CNY'],
    ['my withdrawal of 85k is stuck', '85000 USD'],
    ['85k still missing', '85000 USD'],
    ['you froze 15 grand of mine', '15000 USD'],
    ['I lost forty thousand', '40000 USD'],
    ['2 lakhs stuck', '200000 INR'],
    ['a five-figure sum', '10000 USD'],
    ['six figures stuck', '100000 USD'],
    ['六位数的本金', '100000 CNY'],
    ['五位数美金', '10000 USD'],
  ])('%s is %s', (source, expected) => {
    expect(sums(source)).toEqual([expected]);
  });

  it('reads several, in the order of the text, each once', () => {
    expect(sums('充了$500 USD，又转了2 BTC和三千块，手续费1U')).toEqual(['500 USD', '2 BTC', '3000 CNY', '1 USDT']);
  });

  it.each([
    '10000',
    '12k',
    '30万用户',
    '亏了两万人的信任',
    '群里有5万人',
    'sent 50k requests',
    'I have 10k followers',
    'my 4k monitor, my 5k screen',
    'hundreds of us, a thousand times',
    '六位数密码',
    'BTC was liquidated at $95,000',
    '价格插到57200U',
    '5 users, 3 unicorns, 10 kids',
    '2fa 839201',
    '10:30, 50%, v1.2.3',
    '第三次、两天、一半',
    'ORD-500 usd-500-u7',
    '#500u',
    'order a500u',
    '0 USDT',
    '零元',
    '提现单号85000',
    'withdrawal 8834100 pending',
    '充值10000次',
    '你们元老',
    '',
  ])('reads no sum in "%s"', (source) => {
    expect(sums(source)).toEqual([]);
  });

  it('cuts the text exactly', () => {
    const { text } = normalize(track('I lost １２,０００ USDT, 然后又亏三万五U!'));
    expect(readAmounts(text).map(({ start, end }) => text.slice(start, end))).toEqual(['12,000 usdt', '三万五u']);
  });

  it.each([
    ['10,000 USDT', 10_000],
    ['10000刀', 10_000],
    ['2 BTC', 180_000],
    ['HK$80,000', 10_240],
    ['1元', 0.14],
  ])('%s is worth %d USD at the configured rate', (source, expected) => {
    expect(read(source)[0]?.amountUsd).toBe(expected);
  });

  it('counts 70 000 CNY as much as 10 000 USD, as the policy does', () => {
    for (const source of ['70,000 CNY', '7万元', '七万块', '￥70000', '7w人民币'])
      expect(read(source)[0]?.amountUsd).toBeGreaterThanOrEqual(10_000);
    expect(read('69,990元')[0]?.amountUsd).toBeLessThan(10_000);
  });

  it.each(['just under $10,000', '不到一万U', 'almost 10k USD', '将近7万元', 'less than ten thousand dollars'])(
    'takes %s for less than the sum',
    (source) => {
      expect(read(source)[0]?.amountUsd).toBeLessThan(10_000);
    },
  );

  it('gets any sum back from the forms it is written in', () => {
    const forms: ((value: number) => string)[] = [
      (value) => `${value} USDT`,
      (value) => `${value.toLocaleString('en-US')}u`,
      (value) => `$${value.toLocaleString('en-US', { minimumFractionDigits: 2 })}`,
      (value) => `${value.toLocaleString('de-DE', { minimumFractionDigits: 2 })} €`,
      (value) => `${value / 10_000}万元`,
      (value) => `${value / 1_000}k usd`,
      (value) => `￥${value}`,
      (value) => `我的${value}块钱`,
    ];
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999_999 }), fc.constantFrom(...forms), (value, form) => {
        const [found, ...more] = read(`x ${form(value)}，没了`);
        expect(more).toEqual([]);
        expect(found?.amount).toBeCloseTo(value, 4);
      }),
      { numRuns: 300 },
    );
  });

  it('knows only the currencies of its table', () => {
    const reader = createAmountReader({ usdPerUnit: { GLD: 50 }, names: { gold: 'GLD', '◎': 'GLD', lead: 'PB' } });
    expect(reader('3 gold, ◎4, 5 usd, 6 lead')).toMatchObject([
      { amount: 3, currency: 'GLD', amountUsd: 150 },
      { amount: 4, currency: 'GLD', amountUsd: 200 },
    ]);
  });
});

const SIGNS = '零一二三四五六七八九';
/** The numeral as it is written out in full. */
function toChinese(value: number): string {
  const section = (part: number) =>
    [...String(part).padStart(4, '0')]
      .map((digit, at) => (digit === '0' ? '零' : `${SIGNS[Number(digit)]}${['千', '百', '十', ''][at]}`))
      .join('')
      .replace(/零+/gu, '零')
      .replace(/零$/u, '');
  const high = Math.floor(value / 10_000);
  const low = value % 10_000;
  return `${high > 0 ? `${section(high)}万` : ''}${low > 0 ? section(low) : ''}`.replace(/^零/u, '');
}

describe('Chinese numerals', () => {
  it.each([
    ['十', 10],
    ['十二', 12],
    ['二十', 20],
    ['一百零五', 105],
    ['两百', 200],
    ['两百五', 250],
    ['九千五', 9_500],
    ['三万五千', 35_000],
    ['一万零五', 10_005],
    ['十几万', 130_000],
    ['万', 10_000],
    ['百万', 1_000_000],
    ['一万亿', 1e12],
    ['半', 0.5],
  ])('%s is %d', (numeral, value) => {
    expect(parseChinese(numeral)).toBe(value);
  });

  it('reads every number below a hundred million that is written out', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999_999 }), (value) => {
        expect(parseChinese(toChinese(value))).toBe(value);
      }),
      { numRuns: 300 },
    );
  });

  it('is undefined for nothing', () => {
    expect(parseChinese('零')).toBeUndefined();
    expect(parseChinese('')).toBeUndefined();
  });
});
