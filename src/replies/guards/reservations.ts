/** What turns a sentence into its opposite when it is left out. */
const NEGATION =
  /不|没|未|无法|勿|别(?!的|处|人)|\b(?:not|never|no|cannot|nobody|nothing|neither|nor|without)\b|n't\b/gu;
/** What makes a promise of a sentence, or a fact, when it is left out. */
const CONDITION =
  /如果|若|一旦|能否|是否|取决|目标|可能|争取|\b(?:if|once|whether|unless|until|target|aims?|may|might|depends?)\b/gu;
const CLAUSE = /[,，;；:：。!！?？()（）]+|\.\s|\.$/u;
/** Share of a clause’s words in a sentence from which the sentence repeats the clause, and of its words in the clause. */
const REPEATS = 0.5;
const LIES_WITHIN = 0.75;

/**
 * Whether a sentence keeps the negations and conditions of what it repeats. “We will never tell you to pay first” has all
 * the words of “please pay first”, so that words alone support the opposite of what was said.
 *
 * @param contentOf the words of a text that carry its meaning
 */
export function keepsReservations(
  text: string,
  supports: readonly string[],
  contentOf: (text: string) => ReadonlySet<string>,
): boolean {
  const said = contentOf(text);
  const clauses = supports
    .flatMap((support) => support.split(CLAUSE))
    .filter((clause) => isRepeated(contentOf(clause), said));
  return [NEGATION, CONDITION].every((pattern) => {
    const needed = clauses.filter((clause) => clause.match(pattern) !== null).length;
    return countOf(text, pattern) >= needed;
  });
}

function isRepeated(clause: ReadonlySet<string>, said: ReadonlySet<string>): boolean {
  if (clause.size === 0) return false;
  const words = [...clause];
  const figures = words.filter((word) => /^\d/u.test(word));
  const shared = words.filter((word) => said.has(word)).length;
  return (
    shared / words.length >= REPEATS ||
    shared / said.size >= LIES_WITHIN ||
    (figures.length > 0 && figures.every((figure) => said.has(figure)))
  );
}

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
