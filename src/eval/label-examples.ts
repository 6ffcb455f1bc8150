import type { Encoder } from '../embedding/encoder.ts';
import { withoutCues } from '../learning/features.ts';
import type { LabelExample } from '../learning/train-labels.ts';
import type { Segmenter } from '../text/segment.ts';
import { readDocument } from '../triage/document.ts';
import type { LabelledRow } from './labelled-csv.ts';
import { type EmbedRun, embedKept } from './vector-store.ts';

export interface ExampleSources {
  readonly encoder: Encoder;
  readonly segmenter: Segmenter;
  readonly dataDir: string;
}

/** Rows as the service would read them: masked, segmented, embedded. */
export async function readExamples(
  { encoder, segmenter, dataDir }: ExampleSources,
  rows: readonly LabelledRow[],
  run: EmbedRun,
): Promise<LabelExample[]> {
  const documents = rows.map(({ text }) => readDocument(segmenter, { text }));
  const vectors = await embedKept(
    encoder,
    dataDir,
    documents.map(({ masked }) => masked.text),
    run,
  );
  return documents.map((document, at) => ({
    id: String(rows[at]?.line ?? at),
    label: rows[at]?.label ?? '',
    vector: vectors[at] ?? new Float32Array(),
    ...withoutCues(document),
  }));
}

/** The labels' own names as rows, where they hold words: `card_arrival`, `cardArrival` → "card arrival". */
export function nameRows(labels: Iterable<string>): LabelledRow[] {
  return [...labels].flatMap((label, line) => {
    const text = label
      .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
      .replace(/[\s_./-]+/gu, ' ')
      .trim();
    return /\p{L}{2}|\p{Script=Han}/u.test(text) ? [{ line, text, label }] : [];
  });
}
