import { z } from 'zod';
import { chosenTopics, type Prediction } from '../triage/prediction.ts';
import type { HeadModel } from './head.ts';
import type { LabelledItem } from './labelled-items.ts';
import { microF1, type Share, share, shareSchema } from './metrics.ts';

const scoresSchema = z.object({
  type_accuracy: shareSchema,
  topics_micro_f1: z.number(),
  flags_micro_f1: z.number().describe('Of what the heads alone see; rules see theirs under any version.'),
  by_language: z.record(z.string(), shareSchema),
  by_type: z.record(z.string(), shareSchema),
});
/** How two versions do on the same items, and what follows. */
export const comparisonSchema = z.object({
  held_out: z.int().describe('Items labelled by people that neither version was trained on.'),
  margin: z.number(),
  before: scoresSchema,
  after: scoresSchema,
  seeds_before: z.number().describe('Type accuracy on training examples, each judged by a model that had not seen it.'),
  seeds_after: z.number(),
  promoted: z.boolean(),
  why: z.array(z.string()).describe('What speaks against the new version; empty when it is promoted.'),
});
export type Comparison = z.infer<typeof comparisonSchema>;
export type HeadScores = z.infer<typeof scoresSchema>;

/** A new version may do this much worse, in shares of one; with few items one error more is let pass. */
const MARGIN = 0.02;
/** A language or label with fewer held-out items than this says nothing by itself. */
const LEAST_OF_A_KIND = 20;
const KIND_MARGIN = 0.05;
/** A flag counts as seen from here on; the rules that read it ask for more or less, each for itself. */
const SEEN_FROM = 0.5;

/** What is compared of a version: its answers and what it gives them from. */
export interface ComparedHead {
  readonly model: Pick<HeadModel, 'heldOutAccuracy'> & {
    readonly [group in 'topics' | 'flags']: { readonly labels: readonly string[] };
  };
  predict(item: LabelledItem, vector: Float32Array): Prediction;
}

/** Compares types (overall, per language and per label), and topics and risk flags over all of them. */
export function compareHeads(before: ComparedHead, after: ComparedHead, items: readonly LabelledItem[]): Comparison {
  const [old, young] = [scoreHead(before, items), scoreHead(after, items)];
  const [seedsBefore, seedsAfter] = [before.model.heldOutAccuracy, after.model.heldOutAccuracy];
  const why = [
    ...worse('held-out items', old.type_accuracy, young.type_accuracy, Math.max(MARGIN, 1 / Math.max(1, items.length))),
    ...worseKinds(old.by_language, young.by_language),
    ...worseKinds(old.by_type, young.by_type),
    ...worseMembers('topics', old.topics_micro_f1, young.topics_micro_f1, items.length),
    ...worseMembers('risk flags', old.flags_micro_f1, young.flags_micro_f1, items.length),
    ...(seedsAfter < seedsBefore - MARGIN
      ? [`training examples: ${describe(seedsBefore)} → ${describe(seedsAfter)}`]
      : []),
  ];
  return {
    held_out: items.length,
    margin: MARGIN,
    before: old,
    after: young,
    seeds_before: seedsBefore,
    seeds_after: seedsAfter,
    promoted: why.length === 0,
    why,
  };
}

export function scoreHead(head: ComparedHead, items: readonly LabelledItem[]): HeadScores {
  const judged = items.map((item) => {
    const prediction = head.predict(item, item.vector);
    const flags = head.model.flags.labels.filter((flag) => (prediction.flags[flag] ?? 0) >= SEEN_FROM);
    return { item, isRight: prediction.types[0]?.key === item.type, topics: chosenTopics(prediction), flags };
  });
  const accuracy = (part: typeof judged) => share(part.filter(({ isRight }) => isRight).length, part.length);
  const by = (key: (item: LabelledItem) => string) =>
    Object.fromEntries(
      [...new Set(items.map(key))]
        .sort()
        .map((value) => [value, accuracy(judged.filter(({ item }) => key(item) === value))]),
    );
  return {
    type_accuracy: accuracy(judged),
    topics_micro_f1: microF1(
      judged.map(({ item }) => item.topics),
      judged.map(({ topics }) => topics),
      head.model.topics.labels,
    ),
    flags_micro_f1: microF1(
      judged.map(({ item }) => item.flags),
      judged.map(({ flags }) => flags),
      head.model.flags.labels,
    ),
    by_language: by(({ language }) => language),
    by_type: by(({ type }) => type),
  };
}

function worseKinds(before: Record<string, Share>, after: Record<string, Share>): string[] {
  return Object.entries(before).flatMap(([kind, old]) => {
    const young = after[kind];
    return young === undefined || old.n < LEAST_OF_A_KIND ? [] : worse(kind, old, young, KIND_MARGIN);
  });
}

/** Labels of which an item has any number, over all items where they are enough. */
function worseMembers(what: string, before: number, after: number, items: number): string[] {
  const isWorse = items >= LEAST_OF_A_KIND && after < before - KIND_MARGIN - Number.EPSILON;
  return isWorse ? [`${what}, micro-F1: ${describe(before)} → ${describe(after)}`] : [];
}

function worse(what: string, before: Share, after: Share, margin: number): string[] {
  const isWorse = after.n > 0 && after.value < before.value - margin - Number.EPSILON;
  return isWorse ? [`${what}: ${describe(before.value)} → ${describe(after.value)}`] : [];
}

function describe(value: number): string {
  return value.toFixed(3);
}
