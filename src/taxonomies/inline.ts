import { createHash } from 'node:crypto';
import type { Engine } from '../context.ts';
import { dotAt } from '../learning/dot.ts';
import { embedTexts } from '../learning/embed-texts.ts';
import { center } from '../learning/features.ts';
import { redact } from '../triage/redact.ts';
import type { Labelled, Verdict } from './answer.ts';
import type { InlineLabel } from './inline-labels.ts';

/** Share of the nearest text in a label's score; the rest is the mean over all its texts. Chosen with ADR 0005. */
const NEAREST_SHARE = 0.5;
/** Of the softmax: the calibration error is at most 0.08 for ten labels with 0 to 5 examples each. */
const TEMPERATURE = 0.05;
/** Similarity to the nearest text of the best label below which none fits; a name alone lies further from messages. */
const FLOOR = { examples: 0.2, nameOnly: 0 } as const;
/** Answers at least this probable were right in 94 % of messages and more, where labels are narrow. */
const SURE = 0.8;
/**
 * And nearest texts at least this similar: with few labels the softmax is sure of strangers too. It takes 0 to 5 of 100
 * sure answers about fitting messages, and all but 1 of 200 about strangers (ADR 0005).
 */
const SURE_NEAR = 0.4;

/**
 * Decides between labels that nothing was learned of: each scores by how similar the message is to its nearest text and
 * to all of its texts (name, description, examples), as cosines centred on the mean of the shipped examples; a softmax
 * of fixed temperature makes them into probabilities. Vectors come from the encoder's cache where it has them.
 *
 * @throws AppError of the encoder; the signal's reason
 */
export async function judgeInline(
  { encoder, learned }: Engine,
  labels: readonly InlineLabel[],
  vector: Float32Array,
  signal: AbortSignal,
): Promise<Verdict> {
  const { mean } = learned.head.model;
  const rows = labels.flatMap(textsOf);
  const texts = rows.map(({ text }) => text);
  const vectors = await embedTexts(encoder, texts, { signal });
  const message = center(vector, mean);
  const near = rows.map((row, at) => ({
    ...row,
    similarity: dotAt(center(vectors[at] ?? new Float32Array(mean.length), mean), 0, message),
  }));
  const scores = labels.map(({ name }) => scoreOf(near.filter(({ label }) => label === name)));
  const ranked = softmax(scores, labels);
  const nearest = near.toSorted((left, right) => right.similarity - left.similarity);
  const [top] = ranked;
  const best = nearest.find(({ label }) => label === top?.key)?.similarity ?? 0;
  const hasExamples = labels.some(({ name, examples = [] }) => name === top?.key && examples.length > 0);
  return {
    taxonomy: null,
    version: createHash('sha256').update(JSON.stringify(rows)).digest('hex').slice(0, 12),
    ranked,
    fits: best >= (hasExamples ? FLOOR.examples : FLOOR.nameOnly),
    isSure: (top?.probability ?? 0) >= SURE && best >= SURE_NEAR,
    nearest,
    nameOf: (key) => key,
  };
}

type Row = Omit<Labelled['nearest'][number], 'similarity'>;

function textsOf({ name, description, examples = [] }: InlineLabel): Row[] {
  const row = (id: string, text: string) => ({ id, label: name, text: redact(text).masked.text });
  return [
    row(`label:${name}:name`, name),
    ...(description === undefined ? [] : [row(`label:${name}:description`, description)]),
    ...examples.map((text, at) => row(`${name}:${at}`, text)),
  ];
}

function scoreOf(near: readonly { readonly similarity: number }[]): number {
  const similarities = near.map(({ similarity }) => similarity);
  const mean = similarities.reduce((sum, similarity) => sum + similarity, 0) / similarities.length;
  return NEAREST_SHARE * Math.max(...similarities) + (1 - NEAREST_SHARE) * mean;
}

function softmax(scores: readonly number[], labels: readonly InlineLabel[]): Verdict['ranked'] {
  const top = Math.max(...scores);
  const weights = scores.map((score) => Math.exp((score - top) / TEMPERATURE));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return labels
    .map(({ name }, at) => ({ key: name, probability: (weights[at] ?? 0) / sum }))
    .sort((left, right) => right.probability - left.probability);
}
