import type { Condition, Estimated } from './conditions.ts';
import type { RuleFacts, RuleOutcome } from './evaluate-rules.ts';
import type { Bilingual, Label, Taxonomy } from './taxonomy.ts';

interface Known {
  readonly facts: RuleFacts;
  readonly outcome: RuleOutcome;
  readonly taxonomy: Taxonomy;
}

/** What a single condition asks for, for people; for a fact or flag that was given, the sentence of who gave it. */
export function describeCondition(condition: Condition, known: Known): Bilingual {
  const { facts, outcome, taxonomy } = known;
  if ('fact' in condition || 'flag' in condition) {
    const giver = outcome.fired.find(({ rule: { then } }) =>
      'fact' in condition ? then.fact === condition.fact : then.flag === condition.flag,
    );
    if (giver !== undefined) return giver.rule.sentence;
    if ('fact' in condition) return both(condition.fact);
    return named('风险标记', 'the flag', taxonomy.risk_flags, [condition.flag]);
  }
  if ('learned' in condition) return estimate(condition.learned, `≥ ${condition.learned.at_least}`, facts, taxonomy);
  if ('doubted' in condition) return estimate(condition.doubted, `< ${condition.doubted.below}`, facts, taxonomy);
  if ('type' in condition) return named('类型', 'the type', taxonomy.types, condition.type);
  if ('topic' in condition) return named('主题', 'the topic', taxonomy.topics, condition.topic);
  return describeFact(condition);
}

function describeFact(condition: Condition): Bilingual {
  if ('phrases' in condition) return { zh: '文中有规则所列的词句', en: 'words that the rule names' };
  if ('pattern' in condition)
    return { zh: `符合表达式 ${condition.pattern.source}`, en: `fits the expression ${condition.pattern.source}` };
  if ('channel' in condition) return pair('渠道', 'the channel', condition.channel.join(' / '));
  if ('tier' in condition) return pair('客户等级', 'the customer’s tier', condition.tier.join(' / '));
  if ('amount_usd_at_least' in condition)
    return pair('金额（美元）', 'a sum in USD', `≥ ${condition.amount_usd_at_least}`);
  if ('prior_contacts_at_least' in condition)
    return pair('此前联系次数', 'contacts before', `≥ ${condition.prior_contacts_at_least}`);
  if ('reopened_at_least' in condition)
    return pair('重新打开次数', 'times reopened', `≥ ${condition.reopened_at_least}`);
  if ('similar_reports_at_least' in condition)
    return pair('反映同一问题的客户数', 'customers with the same matter', `≥ ${condition.similar_reports_at_least}`);
  if ('emphasis_at_least' in condition) return pair('语气强度', 'emphasis', `≥ ${condition.emphasis_at_least}`);
  if ('open_positions' in condition)
    return condition.open_positions
      ? { zh: '客户有持仓', en: 'positions are open' }
      : { zh: '客户没有持仓', en: 'no positions are open' };
  return { zh: '多个条件', en: 'several conditions' };
}

function estimate(asked: Estimated, limit: string, facts: RuleFacts, taxonomy: Taxonomy): Bilingual {
  const { flag, type, topic } = asked;
  const [labels, key, found] =
    flag !== undefined
      ? [taxonomy.risk_flags, flag, facts.learned[flag]]
      : type !== undefined
        ? [taxonomy.types, type, facts.heads.types.find((one) => one.key === type)?.probability]
        : [taxonomy.topics, topic ?? '', facts.heads.topics.find((one) => one.key === topic)?.probability];
  const { zh, en } = nameOf(labels, key);
  const shown = found === undefined ? '—' : found.toFixed(3);
  return {
    zh: `模型认为“${zh}”的概率 ${shown}（要求 ${limit}）`,
    en: `the head gives “${en}” ${shown} (asked for: ${limit})`,
  };
}

function named(zh: string, en: string, labels: readonly Label[], keys: readonly string[]): Bilingual {
  const names = keys.map((key) => nameOf(labels, key));
  return {
    zh: `${zh}为${names.map((name) => `“${name.zh}”`).join('或')}`,
    en: `${en} ${names.map((name) => `“${name.en}”`).join(' or ')}`,
  };
}

function nameOf(labels: readonly Label[], key: string): Bilingual {
  return labels.find((label) => label.key === key)?.name ?? both(key);
}

function pair(zh: string, en: string, value: string): Bilingual {
  return { zh: `${zh} ${value}`, en: `${en} ${value}` };
}

function both(text: string): Bilingual {
  return { zh: text, en: text };
}
