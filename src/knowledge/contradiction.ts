import { FUNCTION_HAN, FUNCTION_WORDS } from '../text/function-words.ts';
import type { Article, ArticleLanguage } from './article.ts';
import { cutChunks, type Sentence } from './chunks.ts';
import { type Figure, readFigures } from './figures.ts';
import { readWords, type WordReader } from './read-words.ts';

/** Two sentences of two articles that cannot both be true. */
export interface Contradiction {
  /** `figure`: another fee, limit or time for the same; `negation`: one says what the other denies. */
  readonly kind: 'figure' | 'negation';
  readonly own: string;
  readonly other: string;
}

/** What an article says, as far as two can be compared. */
export interface Statements {
  readonly slug: string;
  readonly language: ArticleLanguage;
  readonly topics: readonly string[];
  readonly sentences: readonly Statement[];
}

interface Statement {
  readonly text: string;
  /** Concepts, and words that say something, without figures and negations. */
  readonly terms: ReadonlySet<string>;
  readonly concepts: ReadonlySet<string>;
  /** Names of levels, products and plans, as "VIP1". */
  readonly codes: string;
  /** Words in Latin letters that stand for themselves in either language, as “SEPA”. */
  readonly names: ReadonlySet<string>;
  readonly figures: readonly Figure[];
  /** Undefined for an item of a list, which asserts nothing. */
  readonly isNegated: boolean | undefined;
}

/** Share of the terms of the shorter and of both sentences that both have, from which on they are about the same. */
const SAME_OF_SHORTER = 0.65;
const SAME_OF_BOTH = 0.4;
const SAME_NEGATION = 0.5;
/** Between languages only concepts can be compared, which say less: more of both must be the same. */
const SAME_ACROSS = 0.5;
/** A shorter sentence says too little to be about the same. */
const MIN_TERMS = 2;
/** Units, hedges and frequencies belong to the figure. */
const MEASURE =
  /(?<![a-z])\d+(?:[.,]\d+)*(?![a-z\d])\s*[%％]?|工作日|小时|分钟|每日|每天|每笔|每次|一般|通常|需要|大约|左右|之?内|完成|可以|直接|随时|\b(?:business|working|calendar|hours?|days?|daily|minutes?|weeks?|months?|years?|usually|normally|within|about|per|each|at any time|take[sn]?|is|are)\b/giu;
const NEGATION =
  /不(?!仅|但|过|同|久|妨|分)|没有|无法|无需|未|禁止|勿|\b(?:not|no|never|cannot|can't|don't|doesn't|won't|isn't|aren't|unable|neither|nor)\b/gu;

/** What depends on something, and what is asked of somebody, is neither denied nor asserted. */
const CONDITIONAL = /如果|若|可能|请|除非|\b(?:if|unless|may|might|please|when)\b/iu;
const CODE = /[a-z]+-?\d+/giu;
/** In Chinese any Latin word, in English what is written in capitals; currencies are told by the figures. */
const NAMES: Readonly<Record<ArticleLanguage, RegExp>> = {
  zh: /[a-z][a-z\d]+/giu,
  en: /\b[A-Z][a-zA-Z\d]*[A-Z][a-zA-Z\d]*\b/gu,
};
const CURRENCY = /^(?:usdt?|cny|rmb|eur|btc|eth)$/u;

/** Reads what an article says, sentence by sentence. */
export function readStatements(
  reader: WordReader,
  { slug, language, topics, body }: Pick<Article, 'slug' | 'language' | 'topics' | 'body'>,
): Statements {
  const sentences = cutChunks(body).flatMap((chunk) =>
    chunk.sentences.map((sentence) => toStatement(reader, sentence, language)),
  );
  return { slug, language, topics, sentences };
}

function toStatement(reader: WordReader, { kind, text }: Sentence, language: ArticleLanguage): Statement {
  const { words, concepts } = readWords(reader, text.replace(NEGATION, ' ').replace(MEASURE, ' '));
  const telling = [...words.keys()].filter(
    (word) => !FUNCTION_WORDS.has(word) && ![...word].some((sign) => FUNCTION_HAN.has(sign)) && word.length > 1,
  );
  const isAssertion = kind !== 'bullet' && !CONDITIONAL.test(text);
  const isNegated = !isAssertion ? undefined : [...text.toLowerCase().matchAll(NEGATION)].length % 2 === 1;
  return {
    text,
    terms: new Set([...concepts.keys(), ...telling]),
    concepts: new Set(concepts.keys()),
    codes: codesOf(text),
    names: namesOf(text, language),
    figures: readFigures(text),
    isNegated,
  };
}

/** What one article says that another contradicts; of two languages only figures are compared. */
export function findContradictions(own: Statements, other: Statements): Contradiction[] {
  if (own.slug === other.slug) return own.language === other.language ? [] : compareTranslations(own, other);
  const isAcross = own.language !== other.language;
  if (isAcross && !own.topics.some((topic) => other.topics.includes(topic))) return [];
  const found: Contradiction[] = [];
  for (const left of own.sentences) {
    for (const right of other.sentences) {
      const kind = isAcross ? judgeAcross(left, right) : judge(left, right);
      if (kind !== undefined) found.push({ kind, own: left.text, other: right.text });
    }
  }
  return found;
}

function judge(left: Statement, right: Statement): Contradiction['kind'] | undefined {
  const alike = likenessOf(left, right);
  if (alike === undefined) return undefined;
  const areAssertions = left.isNegated !== undefined && right.isNegated !== undefined;
  if (areAssertions && left.isNegated !== right.isNegated) return alike >= SAME_NEGATION ? 'negation' : undefined;
  return differingKinds(left.figures, right.figures).length > 0 ? 'figure' : undefined;
}

/**
 * Two sentences of two languages: about the same concepts and names, asserted alike, with as many figures of a kind and
 * another value. A business day is no other time than a day here: translators are not that exact.
 */
function judgeAcross(left: Statement, right: Statement): Contradiction['kind'] | undefined {
  if (left.isNegated === undefined || left.isNegated !== right.isNegated) return undefined;
  if (left.codes !== right.codes || !areNamed(left, right) || !areNamed(right, left)) return undefined;
  const alike =
    isIn(left.concepts, right.concepts) || isIn(right.concepts, left.concepts)
      ? shareOf(left.concepts, right.concepts)
      : undefined;
  if (alike === undefined || alike < SAME_ACROSS) return undefined;
  const [here, there] = [left, right].map(({ figures }) =>
    figures.map((figure) => ({ ...figure, kind: measureOf(figure) })),
  );
  const count = (figures: readonly Figure[] | undefined, kind: string) =>
    figures?.filter((figure) => figure.kind === kind).length;
  const differing = differingKinds(here ?? [], there ?? []);
  return differing.some((kind) => count(here, kind) === count(there, kind)) ? 'figure' : undefined;
}

/** Whether what one sentence names stands in the other. */
function areNamed({ names }: Statement, { text }: Statement): boolean {
  const other = new Set([...text.toLowerCase().matchAll(NAMES.zh)].map(([name]) => name));
  return [...names].every((name) => other.has(name));
}

/** Share of the terms that two sentences have in common; undefined where each is about something of its own. */
function likenessOf(left: Statement, right: Statement): number | undefined {
  if (left.codes !== right.codes) return undefined;
  const isWithin = isIn(left.concepts, right.terms) || isIn(right.concepts, left.terms);
  return isWithin ? shareOf(left.terms, right.terms) : undefined;
}

function isIn(concepts: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return [...concepts].every((concept) => other.has(concept));
}

/** Share of all terms of both that both have; undefined where these are too few to be about the same. */
function shareOf(here: ReadonlySet<string>, there: ReadonlySet<string>): number | undefined {
  let shared = 0;
  for (const term of here) if (there.has(term)) shared++;
  const shorter = Math.min(here.size, there.size);
  const ofBoth = shared / Math.max(1, here.size + there.size - shared);
  return shared < MIN_TERMS || shared / shorter < SAME_OF_SHORTER || ofBoth < SAME_OF_BOTH ? undefined : ofBoth;
}

function namesOf(text: string, language: ArticleLanguage): Set<string> {
  const names = [...text.matchAll(NAMES[language])].map(([name]) => name.toLowerCase());
  return new Set(names.filter((name) => !CURRENCY.test(name)));
}

function codesOf(text: string): string {
  const codes = [...text.toLowerCase().matchAll(CODE)].map(([code]) => code);
  return codes.sort().join(' ');
}

/** Kinds of figures of which each side has one that the other lacks. */
function differingKinds(left: readonly Figure[], right: readonly Figure[]): string[] {
  const lacks = (list: readonly Figure[], { kind, value }: Figure) =>
    !list.some((one) => one.kind === kind && one.value === value);
  const kinds = new Set(left.filter((figure) => lacks(right, figure)).map(measureOf));
  return [...new Set(right.filter((figure) => lacks(left, figure)).map(measureOf))].filter((kind) => kinds.has(kind));
}

/** Three business days contradict three days. */
function measureOf({ kind }: Figure): string {
  return kind === 'business_time' ? 'time' : kind;
}

/** A figure that only one language has, where the other has another one of its kind. */
function compareTranslations(own: Statements, other: Statements): Contradiction[] {
  const all = ({ sentences }: Statements) => sentences.flatMap(({ figures }) => figures);
  const [left, right] = [all(own), all(other)];
  return differingKinds(left, right).flatMap((kind): Contradiction[] => {
    const lone = ({ sentences }: Statements, there: readonly Figure[]) =>
      sentences.find(({ figures }) =>
        figures.some(
          (figure) =>
            measureOf(figure) === kind && !there.some((one) => one.kind === figure.kind && one.value === figure.value),
        ),
      )?.text;
    const [mine, theirs] = [lone(own, right), lone(other, left)];
    return mine === undefined || theirs === undefined ? [] : [{ kind: 'figure', own: mine, other: theirs }];
  });
}
