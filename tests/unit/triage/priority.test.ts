import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Core, loadCore, type Message } from '../../_util/triage.ts';

let core: Core;
beforeAll(async () => {
  core = await loadCore();
});

const ISSUE: Message = { type: 'technical_issue' };
const COMPLAINT: Message = { type: 'service_complaint' };
const OTHER: Message = { type: 'other' };
const PRAISE: Message = { type: 'praise' };
const SUGGESTION: Message = { type: 'feature_suggestion' };
const contacts = (prior_contacts_same_matter: number): Message => ({ customer: { prior_contacts_same_matter } });
const tier = (key: string): Message => ({ customer: { tier: key } });
const OPEN: Message = { customer: { open_positions: true } };

const decide = (text: string, message: Message = {}) => {
  const { priority, risk_flags, type, topics } = core.decide(text, message);
  return { priority, flags: risk_flags, type: type.key, topics: topics.map(({ key }) => key) };
};

describe('P1', () => {
  it.each([
    ['我的账户被盗了，刚刚有人提走了12000 USDT', ISSUE, ['security_compromise', 'funds_at_risk']],
    ['My account was hacked', {}, ['security_compromise']],
    ['这笔提现不是我操作的', ISSUE, ['security_compromise', 'funds_at_risk']],
    ['我不想活了', OTHER, ['self_harm']],
    ['I want to kill myself', OTHER, ['self_harm']],
    ['整个平台都登不上，群里所有人都一样', ISSUE, ['outage']],
    ['Nobody can log in, the whole platform is down', ISSUE, ['outage']],
    ['提现12000 USDT三天了还没到账', ISSUE, ['funds_at_risk']],
    ['My withdrawal of 12,000 USDT is still pending', ISSUE, ['funds_at_risk']],
  ])('%s', (text, message, flags) => {
    expect(decide(text, message)).toMatchObject({ priority: 'P1', flags });
  });
});

describe('P2', () => {
  it.each([
    ['提现9000 USDT三天了还没到账', ISSUE, ['funds_at_risk']],
    ['My withdrawal of 9,000 USDT is still pending', ISSUE, ['funds_at_risk']],
    ['登不上，我还有仓位开着', ISSUE, []],
    ["I can't log in and I have open positions", ISSUE, []],
    ['登不上', { ...ISSUE, ...OPEN }, []],
    ["I can't log in", { ...COMPLAINT, ...OPEN }, []],
    ['再不处理我就报警找律师', COMPLAINT, ['legal_threat']],
    ['I will contact my lawyer and the FCA', COMPLAINT, ['legal_threat']],
    ['我要在微博上曝光你们', COMPLAINT, ['media_threat']],
    ['I will post this on Twitter for everyone to see', COMPLAINT, ['media_threat']],
    ['有人冒充你们客服加我微信', {}, ['fraud_report']],
    ['Someone on Telegram pretends to be your support', {}, ['fraud_report']],
    ['图表加载慢', { ...ISSUE, ...tier('vip') }, []],
    ['charts load slowly', { ...COMPLAINT, ...tier('VIP') }, []],
    ['我借钱炒的，全亏光了', COMPLAINT, ['vulnerable']],
    ['I borrowed money and lost it all', COMPLAINT, ['vulnerable']],
  ])('%s', (text, message, flags) => {
    expect(decide(text, message)).toMatchObject({ priority: 'P2', flags });
  });
});

describe('P3', () => {
  it.each([
    ['登不上', ISSUE, []],
    ["I can't log in", ISSUE, []],
    ['客服态度太差', COMPLAINT, []],
    ['charts load slowly', { ...ISSUE, ...tier('standard') }, []],
    ['我要销户', {}, ['churn']],
    ['你们客服就是一群废物', COMPLAINT, ['abuse']],
    ['you idiots', OTHER, ['abuse']],
  ])('%s', (text, message, flags) => {
    expect(decide(text, message)).toMatchObject({ priority: 'P3', flags });
  });
});

describe('P4', () => {
  it.each([
    ['按钮图标没对齐', ISSUE],
    ['There is a typo on the settings page', ISSUE],
    ['请问手续费多少', {}],
    ['请问手续费多少', tier('vip')],
    ['Please add dark mode', SUGGESTION],
    ['Thank you so much', PRAISE],
    ['在吗', OTHER],
    ['登不上怎么办？我只是问问', {}],
  ])('%s', (text, message) => {
    expect(decide(text, message)).toMatchObject({ priority: 'P4', flags: [] });
  });
});

describe('settled readings', () => {
  it.each(['question', 'service_complaint', 'praise', 'other'])(
    'a taken-over account is a technical issue, not a %s',
    (type) => {
      for (const text of ['谢谢你们，我的账户被盗了', 'Dear team, my account was hacked, thanks'])
        expect(decide(text, { type })).toMatchObject({ type: 'technical_issue', priority: 'P1' });
    },
  );

  it.each(['请问这是你们的官方客服吗', 'is this really your support?', '是不是你们的人加我微信'])(
    'an impostor asked about is a question, P2: %s',
    (text) => {
      expect(decide(text)).toEqual({ priority: 'P2', flags: ['fraud_report'], type: 'question', topics: [] });
    },
  );

  it.each(['technical_issue', 'service_complaint', 'feature_suggestion', 'question', 'other'])(
    'a third contact is P2 whatever the type: %s',
    (type) => {
      expect(decide('还是老样子', { type, ...contacts(2) }).priority).toBe('P2');
      expect(decide('Any news?', { type, ...contacts(7) }).priority).toBe('P2');
      expect(decide('还是老样子', { type, ...contacts(1) }).priority).not.toBe('P2');
    },
  );

  it.each(['这是我第三次反馈了', 'This is my third email about this', '我已经联系了5次，没人处理'])(
    'a third contact that the customer tells of: %s',
    (text) => {
      expect(decide(text, COMPLAINT).priority).toBe('P2');
    },
  );

  it('praise stays P4 however often it comes', () => {
    expect(decide('谢谢', { ...PRAISE, ...contacts(9) }).priority).toBe('P4');
  });

  it.each(['这次爆仓不合理，要求退还保证金', 'You liquidated me at a wrong price, reverse it'])(
    'a disputed liquidation is money at risk: %s',
    (text) => {
      expect(decide(text, COMPLAINT)).toMatchObject({ priority: 'P2', flags: ['funds_at_risk'] });
    },
  );

  it.each(['滑点太大了', 'the slippage is too high'])('slippage without a claimed loss is not: %s', (text) => {
    expect(decide(text, COMPLAINT)).toMatchObject({ priority: 'P3', flags: [] });
  });

  it.each(['模拟账户的余额不见了', 'my demo account was hacked', '模拟盘提现没到账', '模拟盘都登不上，大家都一样'])(
    'a demo account raises nothing: %s',
    (text) => {
      expect(decide(text, ISSUE)).toMatchObject({ priority: 'P3', flags: [] });
      const sure = { security_compromise: 1, fraud_report: 1, funds_at_risk: 1, outage: 1 };
      expect(decide(text, { ...ISSUE, flags: sure }).flags).toEqual([]);
    },
  );

  it.each(['我17岁能开户吗', "I'm 17, can I open an account?"])('a minor without a loss keeps P4: %s', (text) => {
    expect(decide(text)).toMatchObject({ priority: 'P4', flags: ['vulnerable'] });
  });

  it.each(['怎么注销账户，我要去币安了', 'How do I close my account? I am moving to Binance'])(
    'asking how to leave is churn, P3: %s',
    (text) => {
      expect(decide(text)).toMatchObject({ type: 'question', priority: 'P3', flags: ['churn'] });
    },
  );

  it('a hint of self-harm is other without a topic, P1, and asks for a person', () => {
    const decision = core.decide('I do not want to live anymore', { ...OTHER, topics: { deposit: 0.9 } });
    expect(decision).toMatchObject({ priority: 'P1', type: { key: 'other' }, topics: [], risk_flags: ['self_harm'] });
    expect(decision.needs_review.why.map(({ code }) => code)).toContain('person_required');
    expect(decision.queue).toBe('crisis');
  });

  it.each([
    ['提现10,000 USDT没到账', 'P1'],
    ['提现9,999 USDT没到账', 'P2'],
    ['提现7万元没到账', 'P1'],
    ['提现6.9万元没到账', 'P2'],
    ['提现2个BTC没到账', 'P1'],
    ['my withdrawal of 50 ETH is stuck', 'P1'],
    ['my withdrawal of 1 ETH is stuck', 'P2'],
    ['我的HK$80,000提现没到账', 'P1'],
    ['我的HK$70,000提现没到账', 'P2'],
    ['All my savings are stuck, the withdrawal is pending', 'P2'],
    ['我全部的积蓄都提不出来', 'P2'],
  ])('"large" counts in the own currency: %s → %s', (text, priority) => {
    expect(decide(text, ISSUE).priority).toBe(priority);
  });
});

describe('tone', () => {
  it('politeness never lowers a priority', () => {
    const polite = fc.constantFrom(
      '',
      '您好，不好意思打扰了，',
      '麻烦您有空的时候看一下，',
      'Dear team, sorry to bother you. ',
      'If possible, please help: ',
    );
    const thanks = fc.constantFrom('', '，非常感谢！', '，辛苦了', '. Thank you so much, you are the best!', ' 🙏🙏');
    const harm = fc.constantFrom(
      '我的账户被盗了',
      'my account was hacked',
      '提现12000 USDT三天了还没到账',
      'my withdrawal of 2 BTC is stuck',
    );
    fc.assert(
      fc.property(polite, harm, thanks, (before, text, after) => {
        expect(decide(`${before}${text}${after}`, ISSUE).priority).toBe('P1');
      }),
    );
  });

  it.each([
    ['WHY IS THE APP SO SLOW!!!!!', ISSUE, 'P3'],
    ['ANSWER ME NOW!!! RIGHT NOW!!!', COMPLAINT, 'P3'],
    ['PLEASE TELL ME THE FEES!!!', {}, 'P4'],
    ['请问手续费多少！！！！！', {}, 'P4'],
  ])('capitals and exclamation marks raise nothing above P3: %s', (text, message, priority) => {
    expect(decide(text, message).priority).toBe(priority);
    expect(decide(text.toLowerCase().replace(/[!！]/gu, ''), message).priority).toBe(priority);
  });
});
