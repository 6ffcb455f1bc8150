import { Concepts } from '../../text/concepts.ts';
import type { UnitIndex } from '../../text/phrases.ts';
import { CLUSTER_LANGUAGES, type ClusterLanguage } from '../item.ts';
import type { NameLexicon } from './name-lexicon.ts';

/** Share of the messages that must name a concept for a title to say it. */
const LEAST_SHARE = 0.5;

/** A word for each concept that most messages of a group name, the most telling first, in either language. */
export type ConceptWords = Readonly<Record<ClusterLanguage, readonly string[]>>;

/**
 * What the messages of each group have in common where they share no words: by c-TF-IDF over concepts, as in
 * `PhraseCounts`.
 */
export function shareConcepts(
  groups: readonly (readonly UnitIndex[])[],
  { concepts, glossary }: Pick<NameLexicon, 'concepts' | 'glossary'>,
): ConceptWords[] {
  const finder = new Concepts(concepts);
  const counts = groups.map((indexes) => countMessages(indexes, finder));
  const everywhere = new Map<string, number>();
  for (const count of counts)
    for (const [name, messages] of count) everywhere.set(name, (everywhere.get(name) ?? 0) + messages);
  const meanSize = groups.reduce((sum, { length }) => sum + length, 0) / Math.max(1, groups.length);
  const words = new Map(glossary.map((entry) => [entry.concept, entry]));
  return counts.map((count, at) => {
    const least = Math.max(2, LEAST_SHARE * (groups[at]?.length ?? 0));
    const names = [...count]
      .filter(([name, messages]) => messages >= least && words.has(name))
      .map(([name, messages]) => ({ name, score: messages * Math.log(1 + meanSize / (everywhere.get(name) ?? 1)) }))
      .sort((left, right) => right.score - left.score || (left.name < right.name ? -1 : 1));
    const [zh, en] = CLUSTER_LANGUAGES.map((language) =>
      names.flatMap(({ name }) => words.get(name)?.[language][0] ?? []),
    );
    return { zh: zh ?? [], en: en ?? [] };
  });
}

function countMessages(indexes: readonly UnitIndex[], finder: Concepts): Map<string, number> {
  const counts = new Map<string, number>();
  for (const index of indexes)
    for (const name of finder.find(index).keys()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
