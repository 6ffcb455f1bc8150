import { v7 as uuidv7 } from 'uuid';
import { withoutCues } from '../../learning/features.ts';
import { Concepts } from '../../text/concepts.ts';
import { Segmenter } from '../../text/segment.ts';
import { readDocument } from '../../triage/document.ts';
import type { ClusterItem } from '../item.ts';
import { MatterSpace } from '../matter-space.ts';
import { NAMELESS, nameClusters } from '../naming/name.ts';
import { chooseQuotes } from '../naming/quotes.ts';
import { topicOf } from '../naming/topic-of.ts';
import type { ItemReader } from '../stored-items.ts';
import { type Reclustering, readFeatures, recluster } from './recluster.ts';
import type { DescribedCluster, ItemChunk, ReclusterInput, ReclusterOutput } from './recluster-input.ts';

/** Clusters stored items anew, and names what it finds: what the thread does. */
export function reclusterStored(
  input: ReclusterInput,
  onProgress: (done: number, total: number) => void,
): ReclusterOutput {
  const reader = {
    segmenter: new Segmenter(input.words),
    matters: new MatterSpace(new Concepts(input.naming.concepts)),
  };
  const items = input.chunks.flatMap((chunk) => readChunk(reader, chunk, input.dimensions));
  const { seed, known, worked, constraints, means } = input;
  const found = recluster(items, { seed, known, worked, constraints, means, newId: () => uuidv7(), onProgress });
  return {
    items: items.map(({ id }) => id),
    clusters: found.clusters,
    lineage: found.lineage,
    contradictions: found.contradictions,
    described: describe(input, items, found),
    resolution: found.resolution,
  };
}

function readChunk(
  { segmenter, matters }: ItemReader,
  { items, vectors }: ItemChunk,
  dimensions: number,
): ClusterItem[] {
  return items.map(({ id, text, language, customer, topics }, row) => {
    const document = readDocument(segmenter, { text });
    const vector = vectors.subarray(row * dimensions, (row + 1) * dimensions);
    matters.fill(vector, document.index, topics);
    return { id, language, customer, vector, source: withoutCues(document) };
  });
}

function describe(
  { chunks, naming, topics }: ReclusterInput,
  items: readonly ClusterItem[],
  { clusters, means }: Reclustering,
): DescribedCluster[] {
  const rows = new Map<string, number[]>();
  for (const [row, id] of clusters.entries()) {
    if (id === undefined) continue;
    const own = rows.get(id);
    if (own === undefined) rows.set(id, [row]);
    else own.push(row);
  }
  const told = chunks.flatMap((chunk) => chunk.items.map((item) => item.topics));
  const pick = <T>(from: readonly T[], places: readonly number[]) => places.flatMap((row) => from[row] ?? []);
  const groups = [...rows].map(([id, places]) => {
    const members = pick(items, places);
    const topic = topicOf(
      { topics },
      places.map((row) => told[row] ?? []),
    );
    const quotes = chooseQuotes(members, readFeatures(members, means)).flatMap((place) => members[place]?.id ?? []);
    return { id, items: members, topic, quotes };
  });
  const rest = items.filter((_, row) => clusters[row] === undefined);
  const names = nameClusters(groups, rest, naming);
  return groups.map(({ id, items: members, quotes }, at) => ({
    id,
    items: members.length,
    name: names[at] ?? NAMELESS,
    quotes,
  }));
}
