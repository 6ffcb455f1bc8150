import { beforeAll, describe, expect, it } from 'vitest';
import { type Core, loadCore } from '../../_util/triage.ts';

let core: Core;
beforeAll(async () => {
  core = await loadCore();
});

describe('the shipped rules', () => {
  it('have examples in both languages', () => {
    const isChinese = (text: string) => /\p{Script=Han}/u.test(text);
    const lacking = core.policy.ruleBook.rules.filter(({ examples: { fires, silent } }) =>
      [fires, silent].some((list) => new Set(list.map(({ text }) => isChinese(text))).size < 2),
    );
    expect(lacking.map(({ name }) => name)).toEqual([]);
  });
});

describe('an idiom is let off, a hint is not', () => {
  it.each([
    '这手续费贵得我想死',
    '卡得我想跳楼',
    '等深色模式等得我想跳楼哈哈哈',
    '气死我了，烦死了',
    'I could kill myself over this UI',
    'This captcha makes me want to die',
  ])('%s', (text) => {
    expect(core.decide(text, { type: 'service_complaint' }).risk_flags).not.toContain('self_harm');
  });

  it.each([
    '亏光了，我想死',
    '不想活了',
    '我想跳楼',
    '欠了一屁股债，这手续费贵得我想死',
    '活着没意思',
    'I want to die',
    'I lost everything, I could kill myself',
    'Some nights I am not sure I want to be here anymore',
    "i dont think i'll be here next week",
    'I am standing on the bridge',
  ])('%s', (text) => {
    expect(core.decide(text, { type: 'other' })).toMatchObject({ priority: 'P1', risk_flags: ['self_harm'] });
  });
});

describe('what hangs on a flag', () => {
  it('makes what many cannot use a technical issue, and overdue money too, but not money that is held back', () => {
    const typeOf = (text: string) => core.decide(text, { type: 'service_complaint' }).type.key;
    expect(typeOf('所有人都登不上，你们什么态度')).toBe('technical_issue');
    expect(typeOf('Payout pending for nine days and support ignores me, a disgrace')).toBe('technical_issue');
    expect(typeOf('You froze my withdrawal without a word, a disgrace')).toBe('service_complaint');
  });

  it('reports an impostor even where the platform is blamed', () => {
    const flagsOf = (text: string) => core.decide(text, { type: 'service_complaint' }).risk_flags;
    expect(flagsOf('你们平台放任骗子，有人冒充客服骗钱')).toContain('fraud_report');
    expect(flagsOf('你们就是骗子平台')).not.toContain('fraud_report');
  });

  it('sees despair beside a friend, but not the despair of a friend', () => {
    const flagsOf = (text: string) => core.decide(text, { type: 'other' }).risk_flags;
    expect(flagsOf('没有朋友，活着没意思')).toContain('self_harm');
    expect(flagsOf('我朋友说他不想活了')).not.toContain('self_harm');
  });
});

describe('a matter that is settled', () => {
  it.each([
    '昨天说的提现没到账的事，今早到了，谢谢小林',
    '提现5万U，八分钟到账',
    'The withdrawal I wrote about has arrived within two hours, thanks',
    'The double charge was reversed within a day, well done',
  ])('puts no money at risk: %s', (text) => {
    expect(core.decide(text, { type: 'praise' })).toMatchObject({ priority: 'P4', risk_flags: [] });
  });

  it.each([
    '充值已经到账了，但是提现还没到账',
    'The deposit was resolved, but my withdrawal is still pending',
    'Trade 88 was settled as out of the money, please correct the result',
  ])('in part only still does: %s', (text) => {
    expect(core.decide(text, { type: 'technical_issue' }).risk_flags).toContain('funds_at_risk');
  });
});

describe('an account of which somebody speaks on a condition', () => {
  it.each(['账户被盗的话怎么办', '钱包被黑的话会赔吗'])('%s', (text) => {
    expect(core.decide(text, { type: 'question' })).toMatchObject({ priority: 'P4', risk_flags: [] });
  });

  it('is not meant by courtesy before or behind', () => {
    expect(core.decide('我的账户被盗了，方便的话请尽快处理', { type: 'other' }).priority).toBe('P1');
  });
});

describe('whom an insult and a threat come from', () => {
  const flagsOf = (text: string) => core.decide(text, { type: 'service_complaint' }).risk_flags;

  it.each([
    '你们客服骂我是白痴',
    '我被你们的客服骂了，说我是傻逼',
    'Your agent called me an idiot',
    'I was called a moron by your support agent',
  ])('an insulted customer abuses nobody: %s', (text) => {
    expect(flagsOf(text)).not.toContain('abuse');
  });

  it.each(['客服骂我，你们都是废物', 'Your agent called me stupid. You are all scum', '我骂的就是你们这群废物'])(
    'who insults back does: %s',
    (text) => {
      expect(flagsOf(text)).toContain('abuse');
    },
  );

  it.each([
    "He told me he would sue, I won't",
    'My neighbour is angry and she will go to court',
    '他说他要起诉你们，我不会',
  ])('somebody else threatens: %s', (text) => {
    expect(flagsOf(text)).not.toContain('legal_threat');
  });

  it.each([
    ['He ignored me, I will sue you', 'legal_threat'],
    ['They refused to answer, so I am going to report you to the regulator', 'legal_threat'],
    ['他不理我，我要起诉你们', 'legal_threat'],
    ['They stole my money', 'funds_at_risk'],
    ['he took over my account', 'security_compromise'],
    ['他盗了我的账户', 'security_compromise'],
  ])('%s', (text, flag) => {
    expect(flagsOf(text)).toContain(flag);
  });
});
