import type { Bilingual } from '../../triage/taxonomy.ts';
import type { GuardName } from '../draft.ts';

/** Why a sentence is held back, for the agent. */
export const REASONS = {
  promise: {
    zh: '承诺了政策以外的退款、时间或结果，或声称已经办完',
    en: 'Promises a refund, a date or a result beyond policy, or says that it is done',
  },
  investment_advice: { zh: '像是投资建议或行情判断', en: 'Reads as investment advice or a forecast' },
  liability: { zh: '承认了责任或过错', en: 'Admits liability or fault' },
  personal_data: { zh: '含有个人信息', en: 'Holds personal data' },
  foreign_text: { zh: '含有其他客户的内容', en: 'Holds what another customer wrote, or is about one' },
  link: { zh: '含有不在允许名单内的链接或联系方式', en: 'Holds a link or a contact that is not on the allow-list' },
  language: { zh: '不是客户使用的语言', en: 'Is not in the customer’s language' },
  length: { zh: '超出该渠道适合的长度', en: 'Is too long for the channel' },
  tone: {
    zh: '语气不合适：对遭受损失的人用了感叹号、表情或欢快的话，或语带责备',
    en: 'The tone is wrong: exclamation marks, emoji or cheer to somebody in trouble, or blame',
  },
  source_expired: { zh: '引用的文章已失效或尚未生效', en: 'Quotes an article that is not valid today' },
  source_stale: { zh: '引用的文章已过复核日期', en: 'Quotes an article whose review is overdue' },
  source_contradicted: { zh: '引用的内容与另一来源相矛盾', en: 'Quotes what another source contradicts' },
  secret_requested: {
    zh: '索要密码、验证码、助记词、私钥或卡号',
    en: 'Asks for a password, a code, a seed phrase, a private key or a card number',
  },
  unsafe_instruction: {
    zh: '要求转账、付费、装远程软件、扫码或关闭保护',
    en: 'Tells the customer to pay, to move money, to install remote software, to scan or to switch protection off',
  },
  markup: {
    zh: '含有代码、标记、隐藏字符或对机器说的话',
    en: 'Holds code, markup, hidden characters or talk to a machine',
  },
  unsourced: { zh: '没有可以支持这句话的来源', en: 'No source supports this sentence' },
  figure: { zh: '出现了来源里没有的数字', en: 'Holds a figure that no source has' },
  crisis: {
    zh: '涉及自伤的消息只能用危机话术，并立即由人接手',
    en: 'A hint of self-harm gets the crisis wording and a person, and nothing else',
  },
} as const satisfies Readonly<Record<GuardName, Bilingual>>;
