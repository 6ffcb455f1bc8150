import { z } from 'zod';
import type { Status } from '../triage/lifecycle.ts';
import type { Bilingual } from '../triage/taxonomy.ts';

type Change = Readonly<Record<string, unknown>>;
type NameTable = ReadonlyMap<string, Bilingual>;

/** What keys and ids are called; one that is called nothing any more is shown as it is. */
export interface HistoryNames {
  readonly queues: NameTable;
  readonly flags: NameTable;
  readonly types: NameTable;
  readonly agents: NameTable;
}

const STATUS_WORDS: Readonly<Record<Status, Bilingual>> = {
  received: { zh: '已接收', en: 'received' },
  classified: { zh: '已分类', en: 'classified' },
  prioritised: { zh: '待确认', en: 'prioritised' },
  assigned: { zh: '待处理', en: 'assigned' },
  in_progress: { zh: '处理中', en: 'in progress' },
  replied: { zh: '已回复', en: 'replied' },
  waiting_for_customer: { zh: '等待客户', en: 'waiting for the customer' },
  resolved: { zh: '已解决', en: 'resolved' },
  followed_up: { zh: '已回访', en: 'followed up' },
  closed: { zh: '已关闭', en: 'closed' },
};

const RESOLUTION_WORDS: Readonly<Record<string, Bilingual>> = {
  solved: { zh: '问题已解决', en: 'solved' },
  answered: { zh: '已答复', en: 'answered' },
  no_action_needed: { zh: '无需处理', en: 'no action needed' },
  declined: { zh: '不予处理', en: 'declined' },
  known_issue: { zh: '已知问题', en: 'known issue' },
  duplicate: { zh: '重复反馈', en: 'duplicate' },
};

const RAISE_CAUSES: Readonly<Record<string, Bilingual>> = {
  merge: { zh: '并入的反馈', en: 'a merged item' },
  comment: { zh: '客户对解决结果的评价', en: 'what the customer says of the solution' },
  burst: { zh: '多位客户同时反映', en: 'many customers who report the same' },
};

const LINK_WORDS: Readonly<Record<string, Bilingual>> = {
  duplicate_of: { zh: '重复于', en: 'duplicate of' },
  caused_by: { zh: '起因于', en: 'caused by' },
  follow_up_of: { zh: '后续于', en: 'follow-up of' },
  related_to: { zh: '相关于', en: 'related to' },
  split_from: { zh: '拆分自', en: 'split from' },
};

const DEADLINE_WORDS: Readonly<Record<string, Bilingual>> = {
  first_response: { zh: '首次回复', en: 'first response' },
  resolution: { zh: '解决', en: 'solution' },
};

const REJECT_WORDS: Readonly<Record<string, Bilingual>> = {
  wrong_situation: { zh: '情况判断不对', en: 'not the customer’s situation' },
  wrong_facts: { zh: '事实不对', en: 'wrong facts' },
  wrong_steps: { zh: '步骤不对', en: 'wrong steps' },
  wrong_tone: { zh: '语气不合适', en: 'wrong tone' },
  too_long: { zh: '太长', en: 'too long' },
  too_generic: { zh: '太笼统', en: 'too generic' },
  wrong_language: { zh: '语言不对', en: 'wrong language' },
  not_needed: { zh: '不需要回复', en: 'no reply is needed' },
  other: { zh: '其他', en: 'another reason' },
};

/** Why a reply was given up; what a server answered is a code. */
const FAILURE_WORDS: Readonly<Record<string, Bilingual>> = {
  'answered meanwhile': { zh: '期间客户已得到答复', en: 'the customer was answered meanwhile' },
  'not sent in time': { zh: '未能按时发送，已过时效', en: 'it was not sent in time' },
  'process ended': { zh: '发送时服务意外中断', en: 'the service ended while it was being sent' },
  'no address': { zh: '没有客户的邮箱地址', en: 'the customer’s address is not known' },
  'address of a machine': { zh: '收件地址属于自动程序', en: 'the address belongs to a machine' },
};

/** What an entry of the audit says, by its action; what is not listed is named as it is. */
const SUMMARIES: Readonly<Record<string, (change: Change, names: HistoryNames) => Bilingual>> = {
  'feedback.created': ({ priority, queue }, { queues }) => ({
    zh: `收到反馈，定为 ${text(priority)}，进入队列“${nameOf(queues, queue, 'zh')}”`,
    en: `Received, ${text(priority)}, queue “${nameOf(queues, queue, 'en')}”`,
  }),
  'feedback.transitioned': step,
  'feedback.reopened': (change) => ({
    zh: `重新打开：${step(change).zh}`,
    en: `Reopened: ${step(change).en}`,
  }),
  'feedback.corrected': ({ after }, { types }) => {
    const { type, priority } = z.looseObject({ type: z.unknown(), priority: z.unknown() }).parse(after ?? {});
    return {
      zh: `由人确认或更正：类型“${nameOf(types, type, 'zh')}”，优先级 ${text(priority)}`,
      en: `Confirmed or corrected by a person: ${nameOf(types, type, 'en')}, ${text(priority)}`,
    };
  },
  'feedback.raised': ({ from, to, quote, by, risk_flags }, names) => {
    const cause = RAISE_CAUSES[String(by)] ?? { zh: '客户来信', en: 'a message' };
    const words = quote === null ? { zh: '', en: '' } : { zh: `：“${text(quote)}”`, en: `: “${text(quote)}”` };
    if (from === to) {
      const keys: unknown[] = Array.isArray(risk_flags) ? risk_flags : [];
      const flags = (language: 'zh' | 'en') => keys.map((key) => nameOf(names.flags, key, language));
      return {
        zh: `因${cause.zh}，增加风险标记“${flags('zh').join('”、“')}”${words.zh}`,
        en: `Risk flags added by ${cause.en}: ${flags('en').join(', ')}${words.en}`,
      };
    }
    return {
      zh: `因${cause.zh}，优先级由 ${text(from)} 提高到 ${text(to)}${words.zh}`,
      en: `Raised from ${text(from)} to ${text(to)} by ${cause.en}${words.en}`,
    };
  },
  'feedback.noted': () => ({ zh: '添加了内部备注', en: 'A note was written' }),
  'feedback.watched': ({ name }) => ({ zh: `${text(name)} 开始关注`, en: `${text(name)} watches it` }),
  'feedback.unwatched': ({ name }) => ({ zh: `${text(name)} 不再关注`, en: `${text(name)} watches it no longer` }),
  'feedback.linked': ({ kind, to }) => ({
    zh: `建立关联：${wordOf(LINK_WORDS, kind, 'zh')} ${text(to)}`,
    en: `Linked: ${wordOf(LINK_WORDS, kind, 'en')} ${text(to)}`,
  }),
  'feedback.unlinked': ({ kind }) => ({
    zh: `取消关联：${wordOf(LINK_WORDS, kind, 'zh')}`,
    en: `Link taken away: ${wordOf(LINK_WORDS, kind, 'en')}`,
  }),
  'feedback.merged': ({ into }) => ({ zh: `并入 ${text(into)}`, en: `Merged into ${text(into)}` }),
  'feedback.unmerged': ({ out_of }) => ({ zh: `撤销并入 ${text(out_of)}`, en: `Unmerged from ${text(out_of)}` }),
  'feedback.absorbed': ({ item }) => ({ zh: `并入了 ${text(item)}`, en: `${text(item)} was merged into it` }),
  'feedback.separated': ({ item }) => ({ zh: `${text(item)} 不再并入`, en: `${text(item)} was unmerged from it` }),
  'feedback.split': ({ part }) => ({ zh: `拆分出 ${text(part)}`, en: `${text(part)} was split off` }),
  'feedback.split_from': ({ item }) => ({ zh: `拆分自 ${text(item)}`, en: `Split from ${text(item)}` }),
  'feedback.message_received': () => ({ zh: '客户来信', en: 'The customer wrote' }),
  'feedback.message_sent': () => ({ zh: '已给客户发送消息', en: 'The customer was sent a message' }),
  'feedback.draft_accepted': () => ({ zh: '采用了一条回复草稿', en: 'A drafted reply was accepted' }),
  'feedback.draft_edited': ({ distance }) => ({
    zh: `修改后采用了一条回复草稿（改动 ${percent(distance)}）`,
    en: `A drafted reply was edited (${percent(distance)} changed)`,
  }),
  'feedback.draft_rejected': ({ reason }) => ({
    zh: `未采用一条回复草稿：${wordOf(REJECT_WORDS, reason, 'zh')}`,
    en: `A drafted reply was rejected: ${wordOf(REJECT_WORDS, reason, 'en')}`,
  }),
  'feedback.reply_queued': () => ({ zh: '回复等待发送', en: 'A reply waits to be sent' }),
  'feedback.reply_failed': ({ attempts, reason }) => ({
    zh: `回复发送失败，已尝试 ${text(attempts)} 次${typeof reason === 'string' ? `（${wordOf(FAILURE_WORDS, reason, 'zh')}）` : ''}`,
    en: `A reply could not be sent, attempts: ${text(attempts)}${typeof reason === 'string' ? ` (${wordOf(FAILURE_WORDS, reason, 'en')})` : ''}`,
  }),
  'feedback.acknowledged': () => ({
    zh: '已自动确认收到，不算首次回复',
    en: 'Receipt was acknowledged by itself; that is no first response',
  }),
  'feedback.customer_satisfied': () => ({
    zh: '客户来信表示满意',
    en: 'The customer wrote that all is well',
  }),
  'feedback.follow_up_due': () => ({ zh: '已请客户确认是否解决', en: 'The customer is asked whether it is solved' }),
  'feedback.rated': ({ score, solved }) => ({
    zh: `客户评分 ${text(score)} 分，${solved === true ? '已解决' : '未解决'}`,
    en: `The customer gave ${text(score)} of 5: ${solved === true ? 'solved' : 'not solved'}`,
  }),
  'feedback.assigned': ({ to }, { agents }) => ({
    zh: `已分派给 ${nameOf(agents, to, 'zh')}`,
    en: `Assigned to ${nameOf(agents, to, 'en')}`,
  }),
  'feedback.released': () => ({ zh: '退回队列', en: 'Given back to its queue' }),
  'feedback.handed_over': ({ from, to }, { queues }) => ({
    zh: `由队列“${nameOf(queues, from, 'zh')}”转交到“${nameOf(queues, to, 'zh')}”`,
    en: `Handed over from queue “${nameOf(queues, from, 'en')}” to “${nameOf(queues, to, 'en')}”`,
  }),
  'feedback.snoozed': ({ until }) =>
    until === null
      ? { zh: '不再暂缓', en: 'Snoozed no longer' }
      : { zh: `暂缓到 ${text(until)}`, en: `Snoozed until ${text(until)}` },
  'deadline.warned': ({ deadline, due_at }) => ({
    zh: `${wordOf(DEADLINE_WORDS, deadline, 'zh')}期限将至：${text(due_at)}`,
    en: `The ${wordOf(DEADLINE_WORDS, deadline, 'en')} is due soon: ${text(due_at)}`,
  }),
  'deadline.breached': ({ deadline, due_at, escalated_to: queue }, { queues }) => ({
    zh: `${wordOf(DEADLINE_WORDS, deadline, 'zh')}已超过期限：${text(due_at)}${queue === null ? '' : `，转交到队列“${nameOf(queues, queue, 'zh')}”`}`,
    en: `The ${wordOf(DEADLINE_WORDS, deadline, 'en')} is overdue: ${text(due_at)}${queue === null ? '' : `; handed over to queue “${nameOf(queues, queue, 'en')}”`}`,
  }),
};

/** One entry of the audit in a sentence of each language. */
export function summarise(action: string, change: Change, names: HistoryNames): Bilingual {
  const known = Object.hasOwn(SUMMARIES, action) ? SUMMARIES[action] : undefined;
  return known?.(change, names) ?? { zh: `变更：${action}`, en: `Change: ${action}` };
}

function step({ from, to, resolution }: Change): Bilingual {
  const by = typeof resolution === 'string' ? RESOLUTION_WORDS[resolution] : undefined;
  const words = by === undefined ? { zh: '', en: '' } : { zh: `（${by.zh}）`, en: ` (${by.en})` };
  return {
    zh: `由“${wordOf(STATUS_WORDS, from, 'zh')}”变为“${wordOf(STATUS_WORDS, to, 'zh')}”${words.zh}`,
    en: `From ${wordOf(STATUS_WORDS, from, 'en')} to ${wordOf(STATUS_WORDS, to, 'en')}${words.en}`,
  };
}

function wordOf(words: Readonly<Record<string, Bilingual>>, key: unknown, language: 'zh' | 'en'): string {
  const found = typeof key === 'string' && Object.hasOwn(words, key) ? words[key] : undefined;
  return found?.[language] ?? text(key);
}

function percent(share: unknown): string {
  return typeof share === 'number' ? `${Math.round(share * 100)} %` : '–';
}

function nameOf(names: NameTable, key: unknown, language: 'zh' | 'en'): string {
  return (typeof key === 'string' ? names.get(key)?.[language] : undefined) ?? text(key);
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '–';
}
