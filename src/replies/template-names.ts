import type { LabelGroup, Taxonomy } from '../triage/taxonomy.ts';
import { COMMON, type ReplyCondition, type Situation } from './template.ts';

/** A file of templates and how errors call it. */
interface PlacedSituation {
  readonly place: string;
  readonly value: Situation;
}

/** What is wrong with the templates as a whole, one line each: unknown labels, a situation twice, no common ones. */
export function findTemplateProblems(taxonomy: Taxonomy, files: readonly PlacedSituation[]): string[] {
  const problems = files.flatMap(({ place, value }) =>
    [value, ...value.sentences].flatMap(({ when }) => unknownLabels(taxonomy, when).map((name) => `${place}: ${name}`)),
  );
  files.forEach(({ place, value }, index) => {
    const first = files.findIndex((other) => other.value.situation === value.situation);
    if (first < index) problems.push(`${place}: the situation ${value.situation} is in another file too`);
  });
  if (!files.some(({ value }) => value.situation === COMMON)) problems.push(`data/replies: no situation "${COMMON}"`);
  return problems;
}

function unknownLabels(taxonomy: Taxonomy, when: ReplyCondition): string[] {
  const used: readonly [LabelGroup, readonly string[] | undefined][] = [
    ['types', when.types],
    ['topics', when.topics],
    ['topics', when.first_topic],
    ['risk_flags', when.flags],
    ['risk_flags', when.without_flags],
  ];
  return used.flatMap(([group, keys = []]) =>
    keys
      .filter((key) => !taxonomy[group].some((label) => label.key === key))
      .map((key) => `there is no ${key} among the ${group} of data/taxonomy.json`),
  );
}
