import type { Policy } from '../../policy.ts';
import type { NamedGroup } from './name.ts';

/** Share of the items that must have a topic for it to be that of the cluster. */
const LEAST_SHARE = 0.5;

/** The topic of most items of a cluster, with its name; the most prominent of an item counts whole, others half. */
export function topicOf(
  taxonomy: Pick<Policy['taxonomy'], 'topics'>,
  items: readonly (readonly string[])[],
): NamedGroup['topic'] {
  const counts = new Map<string, number>();
  for (const topics of items)
    for (const [place, key] of topics.entries()) counts.set(key, (counts.get(key) ?? 0) + (place === 0 ? 1 : 0.5));
  const [first] = [...counts].sort(([one, left], [other, right]) => right - left || (one < other ? -1 : 1));
  if (first === undefined || first[1] < LEAST_SHARE * items.length) return undefined;
  const label = taxonomy.topics.find(({ key }) => key === first[0]);
  return label && { key: label.key, name: label.name };
}
