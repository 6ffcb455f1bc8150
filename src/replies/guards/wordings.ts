import type { GuardName } from '../draft.ts';

/** Words that a guard listens for, on folded text. A negation near by excuses what only says that it is not so. */
export interface WordingRule {
  readonly guard: GuardName;
  readonly says: RegExp;
  /** Whether a negation excuses it. */
  readonly excusable: boolean;
}

const rule = (guard: GuardName, says: RegExp, excusable = true): WordingRule => ({ guard, says, excusable });

const GIVE_BACK =
  '退款|退钱|退还|全额退|全退|退回|赔偿|赔付|赔给|赔您|赔你|补偿|返还|补发|补给|免除|减免|退费|解冻|解封|撤销|重新结算|改判|追回|找回|拿回|送您|赠送|奖励您|到账(?!户)|恢复|解决|处理好|办好|搞定|上线|拨款|打款|放款|回到(?:您|你|账)';
const DONE =
  '退款|退还|退回|赔付|赔偿|补偿|返还|补发|解冻|解封|升级|关闭|注销|取消|修改|重置|处理完|处理好|解决|批准|通过|到账|免除|打款|开通|转账|汇款|撤销|删除|追回';

const PROMISES = [
  rule(
    'promise',
    new RegExp(
      `(?:保证|承诺|担保|肯定|一定|必定|绝对|确保|百分之百|100%|包您|包你|放心)[^。;]{0,14}(?:${GIVE_BACK}|没问题|没事|不会丢|安全)`,
      'u',
    ),
  ),
  rule(
    'promise',
    new RegExp(
      `(?:会|将|马上|立刻|立即|尽快|今天|明天|今晚|明早|下周|本周|月底|稍后|即将|给您|给你|为您|帮您|同意)[^。,;]{0,10}(?:${GIVE_BACK})`,
      'u',
    ),
  ),
  rule(
    'promise',
    new RegExp(
      `(?:已经?|刚刚|刚才|成功)(?:全额|为您|帮您|给您|替您|为你|给你|将您的?|把您的?|把)?[^。,;]{0,10}(?:${DONE})`,
      'u',
    ),
  ),
  rule(
    'promise',
    /(?:\d+|[一二两三四五六七八九十半几]+)\s*(?:个)?(?:分钟|小时|钟头|天|日|工作日|星期|周|月)(?:之内|以内|内|后|左右)?[^。,;]{0,8}(?:到账|解决|处理完|完成|恢复|退|解冻|上线|追回|赔|打款|修好)/u,
  ),
  rule(
    'promise',
    /\b(?:guarantee[ds]?|promise[ds]?|assure|100 ?%|definitely|certainly|rest assured|for sure|no matter what|you have my word)\b/u,
  ),
  rule(
    'promise',
    /\b(?:we|i|they|our \w+)(?:'ll| will| shall| are going to| am going to| agree to| can offer)[^.;]{0,40}\b(?:refund|compensat\w*|reimburs\w*|credit|pay|repay|restor\w+|return|revers\w+|unfreez\w*|unlock|waive|recover|fix|resolve|release|send you|give you|cover|make it right|upgrade|launch|ship|build|add)\b/u,
  ),
  rule(
    'promise',
    /\b(?:money|refund|funds?|withdrawals?|deposits?|payment|account|balance|it|this|loss(?:es)?|issue|problem|feature)(?:'ll| will| shall| is going to| are going to)(?: all| soon| now| definitely| be)*[^.;]{0,14}\b(?:refunded|returned|credited|paid|sent|back|unfrozen|unlocked|fixed|resolved|released|restored|recovered|arrive|live|there|yours|covered|compensated|approved)\b/u,
  ),
  rule(
    'promise',
    /\b(?:has|have|had|'ve|was|were|is|are)(?: been| already| now| just| successfully)*(?: been)? (?:refunded|credited|unlocked|unfrozen|upgraded|closed|deleted|cancelled|canceled|reset|approved|resolved|fixed(?! hours| rates| times)|reversed|waived|compensated|reimbursed|released|recovered|paid out|paid back)\b/u,
  ),
  rule(
    'promise',
    /\b(?:full refund|money back|get (?:all )?(?:of )?(?:it|your money|your funds) back|in full by|free of charge|at no cost|bonus of|goodwill|compensation of|as compensation)\b/u,
  ),
  rule(
    'promise',
    /\b(?:within|in|by|before|after) (?:the next )?(?:\d+|one|two|three|five|ten|a few|an?|tomorrow|today|tonight|monday|tuesday|wednesday|thursday|friday|next|end of) ?(?:minutes?|hours?|days?|weeks?|business days?|working days?|morning|week|month|the day)?[^.;]{0,6}(?:you(?:'ll| will)|it(?:'ll| will)|your money|the money|funds|refund)/u,
  ),
  rule(
    'promise',
    /(?:退款|赔偿|赔付|补偿|解冻|款项|资金)(?:已经?|正在)[^。,;]{0,8}(?:办理|完成|成功|通过|批准|发放|处理)/u,
  ),
  rule('promise', /\b(?:will|shall) be (?:live|released|available|launched|ready|done|back)\b/u),
  rule('promise', /(?:结果|决定|裁定|申诉|审核|仲裁)[^。,;]{0,8}(?:肯定|一定|必定|必然|保准|包过|稳过)/u),
  rule('promise', /100 ?% ?(?:refund|sure|safe|secure|certain|back|success|compensat|退|赔|到账|追回|没问题)/u),
  rule(
    'promise',
    /\b(?:refund|compensate|reimburse|payout)\b[^。.;]{0,20}(?:给您|给你)|(?:退|赔|补|返)[^。.;]{0,16}(?:给您|给你)/u,
  ),
  rule(
    'promise',
    /\b(?:goes|go|going|comes?|coming|moves?|heading|flows?|put)\b[^.;]{0,16}\bback (?:on(?:to)?|to|in(?:to)?|with) you(?:r|rs)?\b/u,
  ),
  rule(
    'promise',
    /\b(?:certain|sure|bound|guaranteed) to (?:go|be|win|succeed|arrive|get|come|pass)\b|\b(?:go(?:es)?|decided?|ruled?) (?:your way|in your favou?r)\b/u,
  ),
  rule(
    'promise',
    /\bexpect\b[^.;]{0,50}\b(?:by|before|within|on|no later than)\b[^.;]{0,8}(?:\d|(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|tonight|next|the end)|\b(?:no later than|at the latest by)\b[^.;]{0,12}(?:\d|(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|tonight|next)/u,
  ),
  rule(
    'promise',
    /我(?:就)?是[^。,;]{0,12}(?:官(?!方)|总监|总裁|董事|老板|警察|律师)|个人名义|我个人(?:担保|保证|承诺)|\bi(?:'m| am) (?:the|a|your)\b[^.;]{0,16}\b(?:head|director|ceo|cfo|chief|officer|lawyer|owner)\b|\bmy (?:personal )?(?:word|guarantee)\b/u,
    false,
  ),
];

const ADVICE = [
  rule(
    'investment_advice',
    /(?:建议|推荐|考虑|不妨|应该|应当|最好|赶紧|赶快|趁|可以|尽快|现在|马上|请)[^。,;]{0,8}(?:买入|买进|卖出|加仓|减仓|抄底|做多|做空|开多|开空|持有|满仓|梭哈|杠杆|补仓|入场|建仓|定投|抛售|清仓|跟单|囤)/u,
  ),
  rule(
    'investment_advice',
    /(?:会|要|将|必|即将|快|肯定|大概率|有望)[^。,;]{0,3}(?:涨|跌|反弹|暴涨|暴跌|翻倍|突破|回本|新高)|稳赚|保本|保收益|年化|目标价|低风险|无风险|包赚|赚回|翻本|上涨空间|好时机|好机会|内幕/u,
  ),
  rule(
    'investment_advice',
    /\b(?:should|recommend|suggest|advise|consider|try|better to|why not|time to|go ahead and|you can|please|now)\b[^.;]{0,18}\b(?:buy(?:ing)?|sell(?:ing)?|short(?:ing)?|go(?:ing)? long|hold(?:ing)?|hodl|invest(?:ing)?|leverage|double down|averag(?:e|ing) down|the dip|all in|copy trad\w+|stak(?:e|ing)|add(?:ing)? to your position)\b/u,
  ),
  rule(
    'investment_advice',
    /\b(?:price|market|btc|bitcoin|eth|coin|token|gold|it|they)\b[^.;]{0,16}\b(?:will|is going to|is about to|is set to|should|is sure to)\b[^.;]{0,8}\b(?:rise|go up|moon|pump|rally|recover|fall|drop|crash|double|bounce|break out)\b|\b(?:risk[- ]free|sure profit|guaranteed (?:profit|return)s?|win (?:it|your money|everything) back|safe investment|insider|target price|buy the dip|good (?:time|entry))\b/u,
  ),
  rule(
    'investment_advice',
    /适合[^。,;]{0,4}(?:进场|入场|做多|做空|买|卖|加仓|抄底|建仓|持有)|仓位[^。,;]{0,6}(?:放大|加大|加到|拉满|提高)|(?:加大|提高|放大)[^。,;]{0,4}(?:杠杆|仓位)/u,
  ),
  rule(
    'investment_advice',
    /\b(?:good|great|right|best|perfect|ideal) (?:moment|time|point|chance|opportunity|level) to (?:open|enter|buy|sell|go|get|add|close|take|trade)\b|\b(?:bit|little|much|lot) more leverage\b/u,
  ),
];

const LIABILITY = [
  rule(
    'liability',
    /(?:我们|我方|平台|本平台|公司|我司|系统|这边)[^。,;]{0,8}(?:的错|的责任|的过错|的失误|有错|过错|失误|违规|违法|负全责|负责任|理亏|过失|疏忽|作弊|操纵|插针了|后台改|搞错了|出错了|没尽到)/u,
  ),
  rule(
    'liability',
    /承担(?:全部|一切|法律|相应|赔偿)*责任|负(?:全部|一切|法律|相应|赔偿)责任|由我们负责任|是我们造成|由我们造成|我们导致|我们欠您|错在我们|系统(?:故障|错误|漏洞|问题)(?:导致|造成)/u,
  ),
  rule(
    'liability',
    /\b(?:our|the platform's|the company's) (?:own )?(?:fault|mistake|error|negligence|liability|failure|responsibility|wrongdoing|bug|system error)\b|\bwe (?:are|were|take|accept|admit|bear|assume)\b[^.;]{0,14}\b(?:fault|liable|liability|negligent|responsib\w+|guilty|wrong|to blame|manipulat\w+)\b|\bwe (?:made a mistake|messed up|screwed up|broke the (?:law|rules)|violated|caused (?:this|your|the)|owe you|manipulated|cheated|got it wrong)\b|\b(?:was|were|is) (?:caused by|down to) (?:us|our)\b/u,
    false,
  ),
];

const SECRETS =
  '密码|验证码|校验码|短信码|动态码|助记词|私钥|口令|完整卡号|银行卡号|卡号|安全码|cvv|谷歌验证|验证器|恢复码|密钥|身份证号|身份证照|pin码|助记单词|(?:12|24|十二|二十四) ?个[^。,;]{0,6}(?:单词|词)';
const SECRET_WORDS =
  '(?:pass ?word|pass ?code|pass ?phrase|pin|cvv|cvc|otp|2fa|(?:verification|security|sms|text|login|one-?time|recovery|backup|authenticator|six[- ]digit|6[- ]digit)[ -]codes?|codes?|seed(?: phrase| words)?|recovery (?:phrase|words)|mnemonic|private keys?|secret keys?|api secret|(?:full )?card numbers?|wallet words|(?:12|24|twelve|twenty[- ]four)[- ]words?|id number|passport number)';
const ASKING = [
  rule(
    'secret_requested',
    new RegExp(
      `(?:提供|发送|发给|发来|发我|发过来|告诉|告知|回复|报|输入|填写|说一下|念|截图|给我们|给我|发|私信|确认|核对|交给|上传|写)[^。;]{0,14}(?:${SECRETS})`,
      'u',
    ),
  ),
  rule(
    'secret_requested',
    new RegExp(
      `(?:${SECRETS})[^。;]{0,10}(?:提供|发送|发给|发来|发我|发过来|告诉|告知|回复|报给|报一下|填写|念一下|念给|给我们|给我|发一下|私信|截图|是多少|是什么)`,
      'u',
    ),
  ),
  rule(
    'secret_requested',
    new RegExp(
      `\\b(?:send|give|tell|provide|share|reply with|answer with|respond with|enter|type|confirm|read|submit|forward|text|e-?mail|dm|message|upload|paste|write|post|need|require|let us have|let me have|what is|what's)\\b[^.;]{0,40}\\b${SECRET_WORDS}\\b`,
      'u',
    ),
  ),
  rule(
    'secret_requested',
    new RegExp(
      `\\b${SECRET_WORDS}\\b[^.;]{0,20}\\b(?:to us|to me|with us|with me|in (?:your|a) reply|in this chat|over the phone|is required|is needed|please)\\b`,
      'u',
    ),
  ),
];

const UNSAFE = [
  rule(
    'unsafe_instruction',
    /(?:转|打款|打到|汇|充值?|存|付|支付|缴|交|先交|补交|预存)[^。;]{0,12}(?:安全(?:账户|钱包|地址)|保证金|解冻费|手续费|税费|税款|验证金|押金|指定(?:地址|账户|钱包)|这个(?:地址|账户|钱包)|以下(?:地址|账户|钱包)|新(?:地址|钱包)|对公|个人账户|激活费)/u,
  ),
  rule(
    'unsafe_instruction',
    /(?:下载|安装|打开|开启|装)[^。;]{0,10}(?:远程|teamviewer|anydesk|todesk|向日葵|屏幕共享|共享屏幕|插件|apk|安装包|补丁)|(?:扫|点击|点开|打开)[^。;]{0,6}(?:二维码|链接|网址|附件)|(?:关闭|停用|解除|关掉|取消)[^。;]{0,8}(?:二次验证|双重验证|两步验证|2fa|谷歌验证|防护|杀毒|安全设置|提现白名单|白名单)|授权[^。;]{0,6}(?:合约|钱包)|连接[^。;]{0,4}钱包/u,
  ),
  rule(
    'unsafe_instruction',
    /\b(?:send|transfer|move|pay|deposit(?! and)|wire|top up|put|withdraw)\b[^.;]{0,40}\b(?:safe wallet|secure wallet|safe account|secure account|new wallet|this (?:address|account|wallet)|following (?:address|account|wallet)|address below|fee|tax|unlock|activation|insurance|verification deposit|security deposit|gift cards?)\b/u,
  ),
  rule(
    'unsafe_instruction',
    /\b(?:install|download|open|run|launch|allow|grant|start)\b[^.;]{0,24}\b(?:anydesk|teamviewer|remote|screen ?share|screen sharing|apk|extension|plugin|attachment|patch|remote access)\b|\b(?:scan|click|tap|follow|open|visit)\b[^.;]{0,16}\b(?:qr|link|url|attachment)\b|\b(?:disable|turn off|switch off|remove|deactivate|bypass)\b[^.;]{0,20}\b(?:2fa|two[- ]factor|antivirus|protection|security|whitelist|allowlist|authenticator|anti-phishing)\b|\b(?:connect|approve|authori[sz]e|link)\b[^.;]{0,14}\bwallet\b/u,
  ),
  rule(
    'unsafe_instruction',
    /先(?:转|打|付|充|汇|存)[^。,;]{0,8}(?:小额|测试|验证|一笔)|(?:转|打|付|充|汇)[^。,;]{0,4}(?:小额|测试)[^。,;]{0,6}(?:系统|我们|客服|核验|匹配)|\b(?:send|transfer|pay|make|deposit)\b[^.;]{0,16}\b(?:test|verification|matching|activation) (?:payment|transfer|deposit|transaction)\b/u,
  ),
];

const OTHERS = [
  rule(
    'foreign_text',
    /(?:另一位|另外一位|有一位|有位|某位|上一位|其他|别的|这位|隔壁|前一个)(?:客户|用户|会员|投诉人)[^。;]{0,16}(?:叫|说|反映|投诉|账户|账号|订单|余额|姓名|名字|电话|地址|提现|单号|持有|住|亏|写道|的情况)/u,
    false,
  ),
  rule(
    'foreign_text',
    /\b(?:another|previous|other|one|a different|a fellow|the last|some|this|our vip) (?:customers?|users?|clients?|members?|traders?|account holders?)\b[^.;]{0,24}\b(?:named|called|said|wrote|told|complained|account|order|balance|address|e-?mail|phone|withdrew|withdrawal|lost|holds?|lives?|is|was|has)\b|\bcustomer (?:[a-z]+ )?(?:id|number|record|list|database)\b/u,
    false,
  ),
  rule(
    'foreign_text',
    /\b(?:of|from|by|to) (?:another|a different|one of our(?: other)?) (?:customers?|users?|clients?|members?)\b/u,
    false,
  ),
  rule('foreign_text', /客户(?:名单|资料|数据库|列表|信息表)|全部用户|所有用户的/u, false),
];

const BLAME = [
  rule(
    'tone',
    /愚蠢|活该|自作自受|您自己的(?:问题|错|责任)|你自己的(?:问题|错|责任)|笨|闭嘴|无理取闹|骗子|白痴|蠢|贪心|您太贪|别来烦|爱咋咋|随便您|滚开|垃圾(?!邮件|短信|箱|信息)|小题大做|自己不小心|矫情|想开点|谁让您|谁让你|怪您|怪你/u,
    false,
  ),
  rule(
    'tone',
    /\b(?:stupid|idiot\w*|your own fault|your fault|shut up|calm down|stop (?:complaining|whining|writing)|get lost|losers?|you deserve|greedy|serves you right|careless of you|not our problem|deal with it|moron\w*|pathetic|overreacting|grow up|you should have known|should not have been so|blame yourself|cheer up|get over it)\b/u,
    false,
  ),
  rule(
    'tone',
    /(?:您|你)(?:自己|本人)?[^。,;]{0,4}(?:操作不当|操作失误|操作错误|疏忽|大意|没看清|不仔细|不小心|不听劝)|主要(?:还)?是(?:您|你)/u,
    false,
  ),
  rule(
    'tone',
    /\bonly happened because you\b|\bbecause you (?:did not|didn't|failed|forgot|refused|ignored)\b|\byou should have\b|\bbrought (?:this|it) (?:up)?on yourself\b/u,
    false,
  ),
];
const CHEER = [
  rule(
    'tone',
    /太棒了|好消息|恭喜|开心|高兴|愉快|哈哈|嘻嘻|么么哒|亲(?:亲|~|，|,)|棒棒|欢呼|耶|祝您(?:交易|投资|生活)|祝(?:交易|投资)|快乐|万事大吉|小可爱/u,
    false,
  ),
  rule(
    'tone',
    /\b(?:great news|good news|awesome|happy to|thrilled|excited|congratulations|congrats|yay|woohoo|haha|lol|cheers|have a (?:great|wonderful|fantastic|lovely|nice)|fantastic|wonderful|delighted|hooray|amazing|party|enjoy|exciting)\b/u,
    false,
  ),
];

const TALK = [
  rule(
    'markup',
    /系统提示|提示词|作为(?:一个|一名)?(?:ai|人工智能|语言模型)|忽略(?:之前|以上|前面|所有)|指令|开发者模式|越狱|内部(?:规则|备注|评分|优先级)|风险标记|队列编号|模型输出|函数调用/u,
    false,
  ),
  rule(
    'markup',
    /\b(?:system prompt|as an ai|language model|ignore (?:all|any|the|previous|prior|above)|instructions?|developer mode|jailbreak|dan mode|internal (?:notes?|rules?|score|priority)|risk flags?|function call|tool call|prompt injection|pwned|hacked by)\b/u,
    false,
  ),
];

export const WORDINGS: readonly WordingRule[] = [
  ...PROMISES,
  ...ADVICE,
  ...LIABILITY,
  ...ASKING,
  ...UNSAFE,
  ...OTHERS,
  ...BLAME,
  ...TALK,
];
/** Only out of place where somebody is in trouble. */
export const CHEERFUL: readonly WordingRule[] = CHEER;
