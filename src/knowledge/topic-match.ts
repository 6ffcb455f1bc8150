/** A topic and how likely it is. */
export interface TopicWeight {
  readonly key: string;
  readonly probability: number;
}

/** Each further topic of a list counts half as much as the one before. */
const NEXT = 0.5;
/** Where one side names no topic, nothing is said for or against. */
const UNKNOWN = 0.5;

/** A list of keys, the main one first, as weights. */
export function weighTopics(keys: readonly string[]): TopicWeight[] {
  return keys.map((key, at) => ({ key, probability: NEXT ** at }));
}

/** How well the topics of a query and an article agree, 0 to 1 (the Bhattacharyya coefficient of the two). */
export function matchTopics(query: readonly TopicWeight[], article: readonly TopicWeight[]): number {
  const total = (list: readonly TopicWeight[]) => list.reduce((sum, { probability }) => sum + probability, 0);
  const norm = Math.sqrt(total(query) * total(article));
  if (norm === 0) return UNKNOWN;
  const known = new Map(article.map(({ key, probability }) => [key, probability]));
  return query.reduce((sum, { key, probability }) => sum + Math.sqrt(probability * (known.get(key) ?? 0)), 0) / norm;
}
