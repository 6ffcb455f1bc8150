import type { Engine } from '../context.ts';
import { classify } from '../feedback/classify.ts';
import {
  confusion,
  countLabels,
  f1,
  macroF1,
  microF1,
  precision,
  recall,
  type Share,
  share,
} from '../learning/metrics.ts';
import type { Decision } from '../triage/decision.ts';
import { PRIORITIES } from '../triage/rules.ts';
import { divideByEvidence, type EvidenceTable } from './evidence.ts';
import type { LabelledItem } from './triage-set.ts';

export interface TriageScores {
  readonly items: number;
  readonly type: {
    accuracy: number;
    interval: Share;
    macro_f1: number;
    confusion: Record<string, Record<string, number>>;
  };
  readonly priority: {
    accuracy: number;
    interval: Share;
    p1_precision: number;
    p1_recall: number;
    p1_precision_interval: Share;
    p1_recall_interval: Share;
    confusion: Record<string, Record<string, number>>;
  };
  readonly topics: { micro_f1: number; macro_f1: number };
  readonly risk_flags: {
    micro_f1: number;
    macro_f1: number;
    per_flag: Record<string, { precision: number; recall: number; f1: number }>;
  };
  /** Items that the service would act on without a person, and how often their type is right. */
  readonly acted_on: { share: number; type_accuracy: number };
}

export interface Miss {
  readonly id: string;
  readonly lang: string;
  readonly text: string;
  readonly wrong: readonly string[];
  readonly expected: LabelledItem['expect'];
  readonly given: { type: string; topics: string[]; risk_flags: string[]; priority: string };
  readonly confidence: number;
  readonly reasons: readonly string[];
}

export interface TriageEvaluation extends TriageScores {
  readonly by_language: Record<string, TriageScores>;
  /** Which evidence raised the flags, and how often it was right. */
  readonly evidence: EvidenceTable;
  readonly misses: readonly Miss[];
  readonly versions: Decision['versions'] | null;
  readonly ms_per_item: number;
}

interface Judged {
  readonly item: LabelledItem;
  readonly decision: Decision;
}

const CONCURRENCY = 16;

/** Decides about a labelled set and compares. */
export async function evaluateTriage(
  engine: Engine,
  items: readonly LabelledItem[],
  options: { readonly signal: AbortSignal; onProgress?(done: number, total: number): void },
): Promise<TriageEvaluation> {
  const judged: Judged[] = [];
  const started = performance.now();
  let next = 0;
  let done = 0;
  const work = async () => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at];
      if (item === undefined) return;
      judged[at] = { item, decision: await decide(engine, item, options.signal) };
      options.onProgress?.(++done, items.length);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  const languages = [...new Set(['zh', 'en', 'mixed', ...items.map(({ lang }) => lang)])];
  return {
    ...score(judged, engine),
    by_language: Object.fromEntries(
      languages.map((language) => [
        language,
        score(
          judged.filter(({ item }) => item.lang === language),
          engine,
        ),
      ]),
    ),
    evidence: divideByEvidence(
      judged.map(({ item, decision }) => ({ wanted: item.expect.risk_flags, decision })),
      engine.policy.ruleBook,
      keysOf(engine.policy.taxonomy.risk_flags),
    ),
    misses: judged.flatMap(toMiss),
    versions: judged[0]?.decision.versions ?? null,
    ms_per_item: (performance.now() - started) / Math.max(1, items.length),
  };
}

async function decide(engine: Engine, item: LabelledItem, signal: AbortSignal): Promise<Decision> {
  const { tier, prior_contacts_same_matter, open_positions } = item.customer ?? {};
  const customer = {
    ...(tier !== undefined && { tier }),
    ...(prior_contacts_same_matter !== undefined && { prior_contacts_same_matter }),
    ...(open_positions !== undefined && { open_positions }),
  };
  const { decision } = await classify(
    engine,
    { text: item.text, subject: item.subject, channel: item.channel, customer },
    { signal },
  );
  return decision;
}

function score(judged: readonly Judged[], { policy }: Engine): TriageScores {
  const { types, topics, risk_flags } = policy.taxonomy;
  const pairs = judged.map(({ item, decision }) => ({ wanted: item.expect, given: summarize(decision) }));
  const acted = judged.filter(({ decision }) => !decision.needs_review.yes);
  const actedRight = acted.filter(({ item, decision }) => item.expect.type === decision.type.key).length;
  return {
    items: judged.length,
    type: scoreTypes(pairs, keysOf(types)),
    priority: scorePriorities(pairs),
    topics: scoreLabels(pairs, 'topics', keysOf(topics)),
    risk_flags: {
      ...scoreLabels(pairs, 'risk_flags', keysOf(risk_flags)),
      per_flag: scoreEach(pairs, keysOf(risk_flags)),
    },
    acted_on: {
      share: judged.length === 0 ? 0 : acted.length / judged.length,
      type_accuracy: share(actedRight, acted.length).value,
    },
  };
}

interface Pair {
  readonly wanted: LabelledItem['expect'];
  readonly given: Miss['given'];
}

const keysOf = (labels: readonly { readonly key: string }[]) => labels.map(({ key }) => key);
const single = (values: readonly string[]) => values.map((value) => [value]);

function scoreTypes(pairs: readonly Pair[], types: readonly string[]): TriageScores['type'] {
  const wanted = pairs.map((pair) => pair.wanted.type);
  const given = pairs.map((pair) => pair.given.type);
  const interval = share(wanted.filter((type, row) => type === given[row]).length, pairs.length);
  return {
    accuracy: interval.value,
    interval,
    macro_f1: macroF1(single(wanted), single(given), types),
    confusion: confusion(wanted, given),
  };
}

function scorePriorities(pairs: readonly Pair[]): TriageScores['priority'] {
  const wanted = pairs.map((pair) => pair.wanted.priority);
  const given = pairs.map((pair) => pair.given.priority);
  const interval = share(wanted.filter((priority, row) => priority === given[row]).length, pairs.length);
  const p1 = countLabels(single(wanted), single(given), PRIORITIES[0]);
  return {
    accuracy: interval.value,
    interval,
    p1_precision: precision(p1),
    p1_recall: recall(p1),
    p1_precision_interval: share(p1.hits, p1.hits + p1.falseAlarms),
    p1_recall_interval: share(p1.hits, p1.hits + p1.misses),
    confusion: confusion(wanted, given),
  };
}

function scoreLabels(pairs: readonly Pair[], key: 'topics' | 'risk_flags', labels: readonly string[]) {
  const wanted = pairs.map((pair) => pair.wanted[key]);
  const given = pairs.map((pair) => pair.given[key]);
  return { micro_f1: microF1(wanted, given, labels), macro_f1: macroF1(wanted, given, labels) };
}

function scoreEach(pairs: readonly Pair[], flags: readonly string[]): TriageScores['risk_flags']['per_flag'] {
  const wanted = pairs.map((pair) => pair.wanted.risk_flags);
  const given = pairs.map((pair) => pair.given.risk_flags);
  return Object.fromEntries(
    flags.map((flag) => {
      const counts = countLabels(wanted, given, flag);
      return [flag, { precision: precision(counts), recall: recall(counts), f1: f1(counts) }];
    }),
  );
}

function summarize(decision: Decision): Miss['given'] {
  return {
    type: decision.type.key,
    topics: decision.topics.map(({ key }) => key),
    risk_flags: decision.risk_flags,
    priority: decision.priority,
  };
}

function toMiss({ item, decision }: Judged): Miss[] {
  const given = summarize(decision);
  const { expect } = item;
  const wrong = [
    ...(expect.type === given.type ? [] : ['type']),
    ...(expect.priority === given.priority ? [] : ['priority']),
    ...(sameSet(expect.risk_flags, given.risk_flags) ? [] : ['risk_flags']),
    ...(sameSet(expect.topics, given.topics) ? [] : ['topics']),
  ];
  if (wrong.length === 0) return [];
  const reasons = decision.urgency.reasons.map(
    (reason) => `${reason.rule}${reason.quote === null ? '' : ` «${reason.quote}»`}`,
  );
  return [
    {
      id: item.id,
      lang: item.lang,
      text: item.text,
      wrong,
      expected: expect,
      given,
      confidence: decision.type.confidence ?? 1,
      reasons,
    },
  ];
}

function sameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((value) => right.includes(value));
}
