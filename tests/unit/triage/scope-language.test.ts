import { beforeAll, describe, expect, it } from 'vitest';
import { type Core, loadCore } from '../../_util/triage.ts';

let core: Core;
beforeAll(async () => {
  core = await loadCore();
});

const flagsOf = (text: string) => core.decide(text).risk_flags;

describe('a phrase out of force raises no flag', () => {
  it.each([
    ['denied', '我的账户没有被盗'],
    ['denied', '账户并没有被黑，放心'],
    ['denied', '我沒有被盜，只是問問'],
    ['denied', 'My account was not hacked'],
    ['denied', "My account wasn't hacked"],
    ['denied', 'my account has never been hacked'],
    ['denied', 'I was *not* hacked, just asking how 2FA works'],
    ['denied', 'Nobody has stolen my account'],
    ['denied', 'no one hacked my account'],
    ['denied', '别以为我的账户被盗了'],
    ['imagined', '如果我的账户被盗了怎么办'],
    ['imagined', '万一账户被盗怎么处理'],
    ['imagined', '账户会不会被盗'],
    ['imagined', '我担心账户被盗'],
    ['imagined', '如果手机丢了，账户会被盗吗'],
    ['imagined', 'What do I do if my account gets hacked?'],
    ['imagined', 'I worry that my account might be hacked one day'],
    ['imagined', "I'm afraid my account gets hacked"],
    ['imagined', 'Could someone hack my account with only my email?'],
    ['imagined', 'is my account safe if it gets hacked'],
    ['about others', '我朋友的账户被盗了'],
    ['about others', '同事的账户被盗'],
    ['about others', '新闻说有人账户被盗'],
    ['about others', "My friend's account was hacked"],
    ['about others', 'I read about hacked accounts in the news'],
    ['in general', '怎么防止账户被盗'],
    ['in general', '你们关于钓鱼的文章写得很好'],
    ['in general', 'how do I keep my account from being hacked'],
    ['in general', 'what happens when an account is hacked?'],
    ['in general', 'your article about phishing was useful'],
  ])('%s: %s', (_scope, text) => {
    expect(flagsOf(text)).toEqual([]);
  });

  it.each([
    ['去年我在别的平台被盗过'],
    ['几年前我的账户被盗过'],
    ['Last year my account at another exchange was hacked'],
    ['last year I was scammed elsewhere'],
  ])('past: %s', (text) => {
    expect(flagsOf(text)).not.toContain('security_compromise');
    expect(flagsOf(text)).not.toContain('fraud_report');
  });
});

describe('a phrase in force raises its flag, whatever stands around it', () => {
  it.each([
    // the "not" is about something else
    '没经我同意就把我账户里的币转走了',
    '没告诉我就有人把我账户里的USDT提走了',
    '无缘无故有人登录了我的账户',
    '特别让人失望，我的账户被盗了',
    'Without any warning my account was hacked',
    'For no reason I can see, my account has been hacked',
    "I don't know if this is the right place, but my account was hacked",
    'Somebody transferred my coins to another exchange',
    '我的账户被盗了，还没有追回',
    '没有人回复我，我的账户被盗了',
    '不是开玩笑，账户真的被盗了',
    '我没有收到任何邮件，账户就被盗了',
    'My account was hacked and the funds were not recovered',
    'I have had no reply and my account was hacked',
    'It is not a joke, my account was hacked',
    'my account was not only hacked but drained',
    'I do not know what to do, my account was hacked',
    'I can not log in because my account was hacked',
    // courtesy and fear are no conditions
    '如果方便的话，麻烦看一下，我的账户被盗了',
    '如果可以的话请尽快处理，我的账户被盗了',
    '我很害怕，我的账户被盗了',
    '怕打扰您，我的账户被盗了',
    'If possible please help, my account was hacked',
    'Sorry to bother you, if you have a moment: my account was hacked. Thank you so much!',
    'Would you be so kind as to help, my account was hacked',
    'Could you have a look please, my account was hacked',
    'I am very worried, someone hacked my account',
    // a friend speaks of the writer's account
    '我朋友说我的账户被盗了',
    '我朋友提醒我才发现我的账户被盗了',
    'My friend tells me my account was hacked',
    'My account got hacked, I heard about it from my friend',
    // a question about what is happening now
    '我的账户被盗了怎么办',
    '账户被盗了，请问怎么冻结',
    'how do i stop this, my account is hacked',
    'how do i report that my account was hacked',
    'I am writing about my account: it was hacked',
    'someone logged in from some other device, the account is stolen',
    // the recent past is now
    '上个月我的账户被盗了，一直没人处理',
    'Last week someone logged into my account and withdrew everything',
    // Traditional, full width, split by invisible signs
    '我的帳戶被盜了',
    'ｍｙ　ａｃｃｏｕｎｔ　ｗａｓ　ｈａｃｋｅｄ',
    'my acc\u200Bount was ha\u00ADcked',
    '我的账\u200B户被\uFE0F盗了',
  ])('%s', (text) => {
    expect(flagsOf(text)).toContain('security_compromise');
  });
});
