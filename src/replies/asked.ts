import { toUnits } from '../text/units.ts';
import { fold } from './guards/context.ts';
import { type Passage, readPassage } from './passage.ts';

/** A limit, a span of time or a list that is asked for, and the words without which a text cannot tell it. */
const ASKED: readonly { readonly asks: RegExp; readonly tells: RegExp }[] = [
  {
    asks: /\b(?:minimum|min|at least|smallest|lowest)\b|最低|最少|最小|起充|起提/u,
    tells: /\b(?:minimum|at least|smallest|lowest)\b|最低|最少|最小|至少|不少于|起充|起提/u,
  },
  {
    asks: /\b(?:maximum|max|at most|highest|largest)\b|最高|最大|最多|上限/u,
    tells: /\b(?:maximum|at most|highest|largest|up to|limits?|cap)\b|最高|最大|最多|上限|额度|限额/u,
  },
  {
    asks: /\bhow (?:long|many (?:hours|days|weeks))\b|多久|多长时间|几天|几小时|几个工作日/u,
    tells: /\b(?:minutes?|hours?|days?|weeks?|months?)\b|分钟|小时|\d ?天|几天|工作日|\d ?周|\d ?个月/u,
  },
  {
    asks: /支持(?:哪些|什么)|哪些(?:币|国家|品种)|\b(?:which|what) (?:coins?|assets?|currenc\w+|countries|instruments?|pairs?)\b/u,
    tells:
      /(?<!不)支持的(?:币种|资产|国家|品种)|列表|清单|\b(?<!un)supported (?:coins?|assets?|currenc\w+|countries)\b|\blist of\b/u,
  },
];
/** Units from which a clause says something of its own; "Hello there" does not. */
const CLAUSE_UNITS = 4;

/**
 * Whether a passage can answer the one thing that a message asks for: an article about a deposit that has not come resembles
 * a question for the smallest deposit in every word but the one that counts. Of several questions it may answer another.
 */
export function canTell(passage: Pick<Passage, 'text' | 'title'>, question: string): boolean {
  const asked = fold(question);
  const clauses = asked
    .split(/[,，。!！?？;；:：\n]+|\.\s/u)
    .filter((clause) => toUnits(clause).length >= CLAUSE_UNITS);
  if (clauses.length > 1) return true;
  const { answer, steps } = readPassage(passage);
  const told = fold([passage.title, ...answer, ...steps].join('\n'));
  return ASKED.every(({ asks, tells }) => !asks.test(asked) || tells.test(told));
}
