import { DateTime } from 'luxon';
import type { Fact, Source } from './draft.ts';
import type { ReplyItem } from './item.ts';
import type { Slot } from './template.ts';

/** What a slot says, and where that comes from. */
export interface SlotValue {
  readonly text: string;
  readonly sources: readonly Source[];
}

export type Slots = ReadonlyMap<Slot, SlotValue>;

const KIND_NAMES = {
  zh: { reference: '编号', amount: '金额', time: '时间' },
  en: { reference: 'reference', amount: 'amount', time: 'time' },
} as const;

/** What is known for the slots of an item; a slot that is not there is not known. */
export function fillableSlots(item: ReplyItem): Slots {
  const slots = new Map<Slot, SlotValue>();
  const { language } = item;
  // What a customer named is not repeated where others can read it.
  const facts = item.medium === 'social' ? [] : item.facts;
  const only = (kind: Fact['kind']): Fact | undefined => {
    const found = facts.filter((fact) => fact.kind === kind);
    return found.length === 1 ? found[0] : undefined;
  };
  const amount = only('amount');
  if (amount !== undefined) slots.set('amount', ofFacts(amount.text, [amount]));
  // Of several references none is missing.
  const references = facts.filter(({ kind }) => kind === 'reference');
  const joint = language === 'zh' ? '、' : ', ';
  if (references.length > 0)
    slots.set('reference', ofFacts(references.map(({ text }) => text).join(joint), references));
  const noted = facts.filter(({ kind, text }) => kind === 'amount' || kind === 'reference' || /\d/u.test(text));
  // A sum alone is in the acknowledgement, and a time alone is nothing to confirm.
  const kinds = new Set(noted.map(({ kind }) => kind));
  if (kinds.has('reference') || (kinds.has('amount') && kinds.has('time')))
    slots.set('noted', ofFacts(describe(noted, language), noted));
  const area = item.areas[0];
  if (area !== undefined) slots.set('area', { text: area[language], sources: [] });
  slots.set('team', { text: teamOf(item.team[language], language), sources: [] });
  for (const [slot, due] of [
    ['resolve_by', item.resolveDueAt],
    ['answer_by', item.firstResponseDueAt],
  ] as const) {
    // A moment that is over is no promise any more.
    if (due !== null && due > item.now)
      slots.set(slot, {
        text: momentOf(due, item),
        sources: [{ kind: 'deadline', at: due.toISOString() }],
      });
  }
  return slots;
}

/** A queue as customers are told of it: "资金组", "安全应急团队", "payments team". */
function teamOf(name: string, language: 'zh' | 'en'): string {
  if (language === 'zh') return /(?:组|团队|同事)$/u.test(name) ? name : `${name}团队`;
  const inSentence = /^[A-Z][a-z]/u.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name;
  return /(?:team|desk)$/u.test(inSentence) ? inSentence : `${inSentence} team`;
}

function ofFacts(text: string, facts: readonly Fact[]): SlotValue {
  return { text, sources: facts.map((fact) => ({ kind: 'fact', fact })) };
}

/** "编号 F2026，金额 4,800美元": each kind once, its facts joined. */
function describe(facts: readonly Fact[], language: 'zh' | 'en'): string {
  const names = KIND_NAMES[language];
  const parts = (['reference', 'amount', 'time'] as const).flatMap((kind) => {
    const found = facts.filter((fact) => fact.kind === kind).map(({ text }) => shorten(text));
    return found.length === 0 ? [] : [`${names[kind]} ${found.join(language === 'zh' ? '、' : ', ')}`];
  });
  return parts.join(language === 'zh' ? '；' : '; ');
}

/** A hash as wallets show it: its ends. */
function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 8)}…${text.slice(-6)}` : text;
}

/** A moment as people say it, in the zone of the business, with that zone. */
function momentOf(due: Date, { language, timeZone }: ReplyItem): string {
  const local = DateTime.fromJSDate(due, { zone: timeZone });
  return language === 'zh'
    ? local.setLocale('zh-CN').toFormat("M月d日 HH:mm（'UTC'Z）")
    : local.setLocale('en-GB').toFormat("d MMMM, HH:mm ('UTC'Z)");
}

/**
 * Puts values into a wording. What stands in brackets is left out when a slot of it is not known; a slot outside of
 * brackets that is not known makes the whole wording unusable.
 */
export function fillWording(
  wording: string,
  slots: Slots,
): { readonly text: string; readonly sources: readonly Source[] } | undefined {
  const used = new Set<Slot>();
  const isKnown = (part: string) => names(part).every((slot) => slots.has(slot));
  const open = wording.replace(/\[([^\]]*)\]/gu, (_, part: string) => (isKnown(part) ? part : ''));
  if (!isKnown(open)) return undefined;
  const text = open.replace(/\{(\w+)\}/gu, (_, name: Slot) => {
    used.add(name);
    return slots.get(name)?.text ?? '';
  });
  return { text: text.trim(), sources: [...used].flatMap((slot) => slots.get(slot)?.sources ?? []) };
}

function names(text: string): Slot[] {
  return [...text.matchAll(/\{(\w+)\}/gu)].map(([, name]) => name as Slot);
}
