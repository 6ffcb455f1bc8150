import type { z } from 'zod';
import type { Rates } from './amounts.ts';
import type { Decision } from './decision.ts';
import { type Document, locate, quoteOf } from './document.ts';
import type { Judgement } from './judge.ts';
import type { Prediction } from './prediction.ts';
import type { RuleBook } from './rule-book.ts';
import type { ruleExplanationSchema } from './rule-explanation.ts';
import { listCues } from './scope.ts';
import { listSilenced, SCOPE_NAMES, type Silencer } from './silenced.ts';
import type { Taxonomy } from './taxonomy.ts';

export type RuleExplanation = z.infer<typeof ruleExplanationSchema>;
type Place = RuleExplanation['amounts'][number]['at'];

interface Explained {
  readonly document: Document;
  readonly prediction: Prediction;
  readonly judgement: Judgement;
  readonly decision: Decision;
}

interface ExplainPolicy {
  readonly taxonomy: Taxonomy;
  readonly ruleBook: RuleBook;
  readonly rates: Rates;
}

/** How a decision came about, rule by rule: what was read, found, silenced and learned. Pure. */
export function explainRules(policy: ExplainPolicy, explained: Explained): RuleExplanation {
  const { document, prediction, judgement, decision } = explained;
  const { facts, outcome, evaluation } = judgement;
  const show = (span: { readonly start: number; readonly end: number }): Place => ({
    quote: quoteOf(document, span),
    ...locate(document, span),
  });
  const points = new Map(decision.urgency.reasons.map((reason) => [reason.rule, reason.points]));
  return {
    text: {
      normalized: document.normal.text,
      language: document.language,
      segments: document.words.map(({ form }) => form),
      masked: document.redactions.map(({ kind }) => kind),
    },
    cues: listCues(evaluation.cues, document.index).map(({ scope, before, after, ...cue }) => ({
      scope,
      name: SCOPE_NAMES[scope],
      at: show(cue),
      reach: [before, after].flatMap((span) => (span === undefined ? [] : [show(span)])),
    })),
    fired: outcome.fired.map(({ rule, spans }) => ({
      rule: rule.name,
      note: rule.sentence,
      quotes: spans.map(show),
      points: rule.then.points ?? 0,
      counted: points.get(rule.name) ?? 0,
      effect: rule.then,
    })),
    silenced: listSilenced(policy.ruleBook.rules, judgement, policy.taxonomy).map(({ rule, places, by }) => ({
      rule: rule.name,
      note: rule.sentence,
      quotes: places.map(show),
      by: by.map((silencer) => toReason(silencer, show)),
    })),
    facts: {
      type: facts.type,
      topics: [...facts.topics],
      noted: [...outcome.facts],
      channel: facts.channel,
      tier: facts.tier ?? null,
      prior_contacts: facts.priorContacts,
      reopened: facts.reopened,
      reports: facts.reports,
      open_positions: facts.openPositions ?? null,
    },
    learned: describeLearned(prediction),
    amounts: facts.amounts.map(({ start, end, amount, currency, amountUsd }) => ({
      at: show({ start, end }),
      amount,
      currency,
      usd_per_unit: policy.rates.usdPerUnit[currency] ?? null,
      amount_usd: amountUsd,
    })),
    decision,
  };
}

function describeLearned({ types, topics, flags, ...prediction }: Prediction): RuleExplanation['learned'] {
  const rounded = (labels: Prediction['types']) =>
    labels.map(({ key, probability }) => ({ key, probability: round(probability) }));
  const ranked = Object.entries(flags).map(([key, probability]) => ({ key, probability }));
  return {
    types: rounded(types),
    topics: rounded(topics),
    flags: rounded(ranked.sort((left, right) => right.probability - left.probability)),
    type_threshold: round(prediction.typeThreshold),
    topic_thresholds: {
      first: round(prediction.topicThresholds.first),
      further: round(prediction.topicThresholds.further),
    },
  };
}

function toReason(
  silencer: Silencer,
  show: (span: { readonly start: number; readonly end: number }) => Place,
): RuleExplanation['silenced'][number]['by'][number] {
  switch (silencer.kind) {
    case 'scope':
      return { kind: 'scope', scope: silencer.scope, cue: show(silencer.cue), note: SCOPE_NAMES[silencer.scope] };
    case 'ceiling':
      return { kind: 'ceiling', rule: silencer.rule, note: silencer.note };
    default:
      return { kind: silencer.kind, note: silencer.note };
  }
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
