import { setImmediate } from 'node:timers/promises';
import type { Context } from '../context.ts';
import { patientEncoder } from '../embedding/patient.ts';
import { embedTexts } from '../learning/embed-texts.ts';
import { withoutCues } from '../learning/features.ts';
import type { LabelExample } from '../learning/train-labels.ts';
import { type Document, readDocument } from '../triage/document.ts';
import type { DefinedLabel, Definition } from './definition.ts';

/** Texts read before others get their turn on the thread. */
const READ_AT_ONCE = 4;

export interface ReadRun {
  readonly signal?: AbortSignal | undefined;
  /** Called after each text. */
  onProgress?(done: number, total: number): void;
}

/** What a classifier learns from. */
export interface LearningRows {
  readonly examples: readonly LabelExample[];
  /** Names and descriptions of the labels. */
  readonly names: readonly LabelExample[];
  /** Every text by its row's id. */
  readonly texts: ReadonlyMap<string, string>;
}

interface Row {
  readonly id: string;
  readonly label: string;
  readonly text: string;
}

/**
 * Reads and embeds the examples, names and descriptions of all labels that are not retired. A label without examples
 * is learned from its names.
 *
 * @throws AppError of the encoder, except that it is busy; the signal's reason
 */
export async function readLearningRows(
  { encoder, segmenter }: Pick<Context, 'encoder' | 'segmenter'>,
  { labels }: Definition,
  { signal, onProgress }: ReadRun = {},
): Promise<LearningRows> {
  const used = labels.filter(({ retired }) => !retired);
  const shown = used.flatMap(exampleRows);
  const named = used.flatMap(nameRows);
  const rows = [...shown, ...named];
  const documents: Document[] = [];
  for (const { text } of rows) {
    if (documents.length % READ_AT_ONCE === 0) await setImmediate(undefined, { signal });
    documents.push(readDocument(segmenter, { text }));
  }
  let done = 0;
  const vectors = await embedTexts(
    patientEncoder(encoder),
    documents.map(({ masked }) => masked.text),
    { signal, onDone: () => onProgress?.(++done, rows.length) },
  );
  const learned = rows.map(({ id, label }, at) => ({
    id,
    label,
    vector: vectors[at] ?? new Float32Array(encoder.info.dimensions),
    ...withoutCues(documents[at] as Document),
  }));
  const lone = new Set(used.filter(({ examples }) => examples.length === 0).map(({ key }) => key));
  const names = learned.slice(shown.length);
  return {
    examples: [...learned.slice(0, shown.length), ...names.filter(({ label }) => lone.has(label))],
    names: names.filter(({ label }) => !lone.has(label)),
    texts: new Map(rows.map(({ id, text }) => [id, text])),
  };
}

function exampleRows({ key, examples }: DefinedLabel): Row[] {
  return examples.map((text, at) => ({ id: `${key}:${at}`, label: key, text }));
}

function nameRows({ key, name, description }: DefinedLabel): Row[] {
  const parts = { zh: name.zh, en: name.en, about_zh: description?.zh, about_en: description?.en };
  return Object.entries(parts).flatMap(([part, text]) =>
    text === undefined ? [] : [{ id: `label:${key}:${part}`, label: key, text }],
  );
}
