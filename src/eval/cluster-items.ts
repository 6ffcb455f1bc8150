import type { ClusterItem } from '../clusters/item.ts';
import type { Engine } from '../context.ts';
import { withoutCues } from '../learning/features.ts';
import { mainLanguageOf } from '../text/main-language.ts';
import { readDocument } from '../triage/document.ts';
import { chosenTopics } from '../triage/prediction.ts';
import { type EmbedRun, embedKept } from './vector-store.ts';

/** A message of a set to be clustered. */
export interface ClusterRow {
  readonly id: string;
  readonly text: string;
  readonly customer?: string | undefined;
  readonly language?: string | undefined;
}

/** What reads messages as the service does. */
export type ClusterSources = Pick<Engine, 'encoder' | 'segmenter' | 'matters' | 'learned' | 'policy' | 'config'>;

/** Rows as the service would read them: masked, segmented, embedded, with the topics that it gives them. */
export async function readClusterItems(
  { encoder, segmenter, matters, learned, config }: ClusterSources,
  rows: readonly ClusterRow[],
  run: EmbedRun,
): Promise<ClusterItem[]> {
  const documents = rows.map(({ text, language }) => readDocument(segmenter, { text, language }));
  const texts = documents.map(({ masked }) => masked.text);
  const vectors = await embedKept(encoder, config.DATA_DIR, texts, run);
  return documents.map((document, at) => {
    const vector = vectors[at] ?? new Float32Array();
    const topics = chosenTopics(learned.head.predict(document, vector));
    return {
      id: rows[at]?.id ?? String(at),
      vector: matters.place(vector, document.index, topics),
      language: mainLanguageOf(document.language),
      source: withoutCues(document),
      customer: rows[at]?.customer,
    };
  });
}
