import type { ClusterItem } from '../clusters/item.ts';
import { withoutCues } from '../learning/features.ts';
import { mainLanguageOf } from '../text/main-language.ts';
import { readDocument } from '../triage/document.ts';
import type { ExampleSources } from './label-examples.ts';
import { type EmbedRun, embedKept } from './vector-store.ts';

/** A message of a set to be clustered. */
export interface ClusterRow {
  readonly id: string;
  readonly text: string;
  readonly customer?: string | undefined;
  readonly language?: string | undefined;
}

/** Rows as the service would read them: masked, segmented, embedded. */
export async function readClusterItems(
  { encoder, segmenter, dataDir }: ExampleSources,
  rows: readonly ClusterRow[],
  run: EmbedRun,
): Promise<ClusterItem[]> {
  const documents = rows.map(({ text, language }) => readDocument(segmenter, { text, language }));
  const texts = documents.map(({ masked }) => masked.text);
  const vectors = await embedKept(encoder, dataDir, texts, run);
  return documents.map((document, at) => ({
    id: rows[at]?.id ?? String(at),
    vector: vectors[at] ?? new Float32Array(),
    language: mainLanguageOf(document.language),
    source: withoutCues(document),
    customer: rows[at]?.customer,
  }));
}
