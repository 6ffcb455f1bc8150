import type { Engine } from '../context.ts';
import type { Embedding } from '../embedding/encoder.ts';
import { cancelledError, throwIfCancelled } from '../errors.ts';
import type { ClassifyBody } from '../intake/request.ts';
import { withoutCues } from '../learning/features.ts';
import { type Document, readDocument } from '../triage/document.ts';
import { type Labelled, labelledOf, type Verdict } from './answer.ts';
import type { TaxonomiesInForce, TaxonomyInForce } from './in-force.ts';
import { judgeInline } from './inline.ts';
import type { InlineLabel } from './inline-labels.ts';

/** Where labels come from: a taxonomy by name, or the message's own. */
export type LabelSource = { readonly taxonomy: string } | { readonly labels: readonly InlineLabel[] };

/**
 * Decides between labels that are not those of the shipped taxonomy. Stores nothing.
 *
 * @throws AppError of the encoder; `cancelled` when the signal is aborted; `invalid_input` for a taxonomy that is not
 *   set up, `conflict` for one that cannot answer yet
 */
export async function classifyInto(
  engine: Engine,
  taxonomies: TaxonomiesInForce,
  source: LabelSource,
  request: Pick<ClassifyBody, 'text' | 'subject' | 'language'>,
  signal: AbortSignal,
): Promise<Labelled> {
  throwIfCancelled(signal);
  const { encoder, segmenter } = engine;
  const inForce = 'taxonomy' in source ? await taxonomies.get(source.taxonomy) : undefined;
  const document = readDocument(segmenter, request);
  try {
    const embedding = await encoder.embed(document.masked.text, { signal });
    const verdict = inForce
      ? judge(inForce, 'taxonomy' in source ? source.taxonomy : '', document, embedding)
      : await judgeInline(engine, 'labels' in source ? source.labels : [], embedding.vector, signal);
    throwIfCancelled(signal);
    return labelledOf(document, embedding, encoder.info.hash, verdict);
  } catch (error) {
    throw signal.aborted ? cancelledError(signal) : error;
  }
}

function judge(inForce: TaxonomyInForce, taxonomy: string, document: Document, { vector }: Embedding): Verdict {
  const { classifier, retired, names, texts, version, labelOf } = inForce;
  const answer = classifier.predict(withoutCues(document), vector);
  const ranked = answer.ranked.filter(({ key }) => !retired.has(key));
  return {
    taxonomy,
    version,
    ranked,
    fits: answer.fits && ranked.length > 0,
    // Only the first label's confidence is calibrated.
    isSure: answer.isSure && ranked[0] === answer.ranked[0],
    nearest: answer.nearest
      .map(({ id, similarity }) => ({ id, label: labelOf.get(id) ?? '', similarity, text: texts.get(id) ?? '' }))
      .filter(({ label }) => !retired.has(label)),
    nameOf: (key) => names.get(key) ?? key,
  };
}
