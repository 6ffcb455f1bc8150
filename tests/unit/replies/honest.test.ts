import { expect, test } from 'vitest';
import { guardDraft } from '../../../src/replies/guards/guard.ts';
import { suggestFor } from './items.ts';

/** What agents write in place of a suggestion to somebody whose withdrawal is missing. */
const HONEST = {
  zh: [
    '您好，您的提现工单我们已经收到，资金组正在核查。',
    '您提到的单号 W20261110081240 我们已经记下。',
    '您这笔 500 USDT 的提现目前由资金组核查。',
    '是否可以退款需要财务核实，我们现在还不能答复您。',
    '退款申请我们已经转给财务，结果出来会回复您。',
    '银行卡退款一般由发卡行处理，时间以银行为准。',
    '通常需要 1 到 3 个工作日，节假日顺延。',
    '很抱歉让您等了两天。',
    '抱歉给您带来不便，我们理解您的着急。',
    '请不要把密码或验证码告诉任何人，包括自称客服的人。',
    '我们不会向您索要助记词。',
    '请在帮助中心 https://help.platform.example/withdrawals 查看提现状态说明。',
    '请在 App 里打开“资产 → 提现记录”，看看状态是什么。',
    '麻烦把提现记录的截图发过来，卡号请遮住。',
    '我们会在 11月25日 前给您一个进展。',
    '如果到时还没有结果，我们会告诉您查到了哪里。',
    '您的反馈已经转给产品组评估。',
    '这个需求我们记录了，目前没有上线时间。',
    '我们不能保证时间，但会尽快核查。',
    '请先冻结账户，再修改登录密码。',
    '请删除您不认识的 API 密钥。',
    '验证码收不到时，请先检查短信拦截。',
    '身份认证没有通过，通常是照片反光或缺角。',
    '链上转账需要网络确认，确认数可以在区块浏览器里看到。',
    '如果选错了网络，找回可能需要时间，也不一定成功。',
    '我们无法提供投资建议。',
    '您可以向客服索要对账单。',
    '您说的扣费我们会请财务核对明细。',
    '请问这笔充值用的是哪张卡？只需要告诉我们后四位。',
    '谢谢您的耐心，有新情况直接在这里补充就好。',
    '申诉的结果要等审核完成才知道。',
    '请先核对网络和地址，再提交提现。',
    '您之前发给我们的截图已经附在工单里。',
    '我是负责这张工单的客服小林。',
    '退款的规则请看活动页面。',
    '我们不能替您平仓，请在网页端尝试登录。',
    '仓位和杠杆由您自己决定，我们不能给建议。',
    '请问对方平台有没有给您新的说明？',
    '您当时选的是哪条链，请看一下提现记录。',
    '冻结的原因由风控团队书面说明。',
    '我们会把银行的回执转给您。',
    '这笔手续费的依据会写在答复里。',
    '您的恢复申请正在审核。',
    '客服不会主动加您微信。',
    '自我排除开启后，您仍可以提出余额。',
  ],
  en: [
    'Hello, we have received your ticket and the payments team is looking into it.',
    'We have noted the reference W20261110081240.',
    'Your withdrawal of 500 USDT is being checked by the payments team.',
    'Whether a refund is possible has to be checked by finance, so we cannot answer that yet.',
    'Your refund request has been passed on to finance, and we will write again when we know more.',
    'Card refunds are handled by your bank, and the time depends on it.',
    'This usually takes 1–3 working days.',
    'We are sorry that you have been waiting for two days.',
    'We are sorry for the inconvenience, and we understand why this worries you.',
    'Please never share your password or codes with anyone, including people who say they are support.',
    'We will never ask you for your seed phrase.',
    'Our help page https://help.platform.example/withdrawals explains what each status means.',
    'Please open Assets → Withdrawal history and tell us which status it shows.',
    'Please send a screenshot of the withdrawal history, with the card number covered.',
    'We aim to get back to you by 25 November with an update.',
    'If it is not finished by then, we will tell you how far we have got.',
    'Your feedback has been passed on to the product team.',
    'We have recorded the request, and there is no release date for it yet.',
    'We cannot promise a time, but we will tell you as soon as we know more.',
    'Please freeze the account first and then change your password.',
    'Please delete any API keys that you do not recognise.',
    'If the code does not arrive, please check your spam filter first.',
    'The verification was not accepted, which usually means glare or a cut-off corner in the photo.',
    'A transfer on chain needs confirmations, which you can see in a block explorer.',
    'If the wrong network was chosen, recovery may take time and does not always succeed.',
    'We cannot give investment advice.',
    'You can download your account statement in the app.',
    'We will ask finance to check the fee that you mention.',
    'Which card did you use for the deposit? The last four digits are enough.',
    'Thank you for your patience; if anything changes, just add it here.',
    'The result of the appeal is only known once the review is finished.',
    'Please check network and address before you submit the withdrawal.',
    'The screenshot that you sent is attached to the ticket.',
    'I am Lin from the support team and I am looking after this ticket.',
    'The rules for refunds are on the promotion page.',
    'We cannot close positions for you; please try to log in on the web.',
    'Leverage is your own decision, and we cannot advise on it.',
    'Did the other platform tell you anything new?',
    'Which network did you choose? The withdrawal history shows it.',
    'The risk team will explain the reason for the restriction in writing.',
    'We will pass the receipt of the bank on to you.',
    'The answer will say what the charge is based on.',
    'Your request to regain access is being reviewed.',
    'Our support never contacts you on Telegram first.',
    'After a self-exclusion you can still ask for your balance.',
  ],
} as const;
const MESSAGES = {
  zh: '我的提现 500 USDT 两天没到账，单号 W20261110081240。',
  en: 'My withdrawal of 500 USDT is missing, reference W20261110081240.',
} as const;

test.each(['zh', 'en'] as const)(
  'no guard has anything against what agents write in good faith (%s)',
  async (language) => {
    const described = { text: MESSAGES[language], topics: ['withdrawal'], flags: ['funds_at_risk'] } as const;
    const { guards } = await suggestFor({ ...described, channel: 'email' });
    if (guards === undefined) throw new Error('there is no draft to edit');
    const context = { ...guards, allowedHosts: ['help.platform.example'], isByPerson: true };
    for (const text of HONEST[language]) {
      const found = guardDraft([{ role: 'answer', text, sources: [{ kind: 'person', by: null }] }], context);
      expect({ text, found: found.map(({ guard, quote }) => ({ guard, quote })) }).toEqual({ text, found: [] });
    }
  },
);
