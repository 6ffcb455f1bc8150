import { dotAt } from '../learning/dot.ts';
import { ARTICLE_LANGUAGES, type Article, type ArticleLanguage } from './article.ts';
import { type Bag, mergeBags } from './bag.ts';
import { Bm25 } from './bm25.ts';
import type { Chunk } from './chunks.ts';
import { readWords, type WordReader } from './read-words.ts';
import { matchTopics, type TopicWeight, weighTopics } from './topic-match.ts';
import { centred, type Means, meansOf, questionMeans } from './vector-space.ts';
import type { ViewVectors } from './views.ts';

/** An article with all that is computed of it. */
export interface IndexedArticle extends Omit<Article, 'body' | 'owner' | 'applies_to'> {
  readonly id: string;
  readonly version: number;
  readonly chunks: readonly Chunk[];
  readonly vectors: ViewVectors;
  /** Where topics are guessed rather than given. */
  readonly guessedTopics?: readonly TopicWeight[] | undefined;
}

/** A question in the form that articles are compared with. */
export interface ReadQuestion {
  readonly vector: Float32Array;
  readonly language: ArticleLanguage;
  readonly words: Bag;
  readonly concepts: Bag;
  readonly topics: readonly TopicWeight[];
}

/** A word of the title counts as so many of the body. */
const TITLE_COUNTS = 3;
/** Nats that a question lacks always, see Bm25. With weights below: fitted on data/eval/dev/queries.jsonl. */
const WORD_DAMPING = 8;
const CONCEPT_DAMPING = 3;

/**
 * What an agreement adds to the logarithm of the odds, by listwise logistic regression on data/eval/dev/queries.jsonl,
 * crypto_faq across languages, where words cannot agree, and intents of Banking77 in place of articles. Chunks: the mean
 * of the two nearest. Sentences: the nearest; with them chunks of the same language lost a quarter of their weight, which
 * found more on these and on intents of the DSTC 11 banking calls; where an article is but a title it changes little.
 */
const WEIGHTS = {
  same: { titleQuestion: 2.2, title: 2, chunks: 4, sentences: 4, words: 5.3, concepts: 4.3, topics: 3 },
  across: { titleQuestion: 7, title: 7, chunks: 6, sentences: 2, words: 0, concepts: 5.5, topics: 3.1 },
} as const;
const NEAREST_CHUNKS = 2;

interface Row {
  readonly article: IndexedArticle;
  readonly titleQuestion: Float32Array;
  readonly title: Float32Array;
  readonly chunks: readonly Float32Array[];
  /** The title as a question, where no paragraph has a sentence. */
  readonly sentences: readonly Float32Array[];
  readonly topics: readonly TopicWeight[];
}

/** Articles ready to be compared with questions: vectors without the mean of their language, words by BM25. */
export class ArticleIndex {
  readonly rows: readonly Row[];
  readonly #questions: Means;
  readonly #words: Readonly<Record<ArticleLanguage, { readonly rows: readonly number[]; readonly bm25: Bm25 }>>;
  readonly #concepts: Bm25;

  /** @param messages mean vectors of what customers write, per language */
  constructor(articles: readonly IndexedArticle[], reader: WordReader, messages: Means) {
    const views = (of: (vectors: ViewVectors) => readonly Float32Array[]) =>
      articles.flatMap(({ language, vectors }) => of(vectors).map((vector) => ({ language, vector })));
    const titles = views(({ titleQuestion }) => [titleQuestion]);
    const means = {
      question: meansOf(titles, messages),
      title: meansOf(
        views(({ title }) => [title]),
        messages,
      ),
      chunk: meansOf(
        views(({ chunks }) => chunks),
        messages,
      ),
      sentence: meansOf(
        views(({ sentences }) => sentences),
        messages,
      ),
    };
    this.#questions = questionMeans(titles, messages);
    this.rows = articles.map((article) => {
      const { language, vectors } = article;
      const titleQuestion = centred({ vector: vectors.titleQuestion, language }, means.question);
      const sentences = vectors.sentences.map((vector) => centred({ vector, language }, means.sentence));
      return {
        article,
        titleQuestion,
        title: centred({ vector: vectors.title, language }, means.title),
        chunks: vectors.chunks.map((vector) => centred({ vector, language }, means.chunk)),
        sentences: sentences.length > 0 ? sentences : [titleQuestion],
        topics: article.guessedTopics ?? weighTopics(article.topics),
      };
    });
    const texts = articles.map((article) => readArticleWords(reader, article));
    this.#concepts = new Bm25(
      texts.map(({ concepts }) => concepts),
      CONCEPT_DAMPING,
    );
    const wordsOf = (language: ArticleLanguage) => {
      const rows = articles.flatMap((article, row) => (article.language === language ? [row] : []));
      return {
        rows,
        bm25: new Bm25(
          rows.map((row) => texts[row]?.words ?? new Map()),
          WORD_DAMPING,
        ),
      };
    };
    this.#words = { zh: wordsOf('zh'), en: wordsOf('en') };
  }

  /** For each article the logarithm of the odds, but for a constant, that it answers; and its chunks' similarities. */
  score(question: ReadQuestion): { readonly scores: Float64Array; readonly chunks: readonly Float64Array[] } {
    const vector = centred(question, this.#questions);
    const words = this.#scoreWords(question.words);
    const concepts = this.#concepts.score(question.concepts);
    const chunks = this.rows.map((row) => Float64Array.from(row.chunks, (chunk) => dotAt(chunk, 0, vector)));
    const scores = Float64Array.from(this.rows, (row, at) => {
      const weights = WEIGHTS[row.article.language === question.language ? 'same' : 'across'];
      return (
        weights.titleQuestion * dotAt(row.titleQuestion, 0, vector) +
        weights.title * dotAt(row.title, 0, vector) +
        weights.chunks * meanOfNearest(chunks[at] ?? new Float64Array()) +
        weights.sentences * nearestOf(row.sentences, vector) +
        weights.words * (words[at] ?? 0) +
        weights.concepts * (concepts[at] ?? 0) +
        weights.topics * matchTopics(question.topics, row.topics)
      );
    });
    return { scores, chunks };
  }

  /** How much a term of a language tells, for what is to be quoted. */
  idf(language: ArticleLanguage, term: string): number {
    return this.#words[language].bm25.idf(term);
  }

  #scoreWords(words: Bag): Float64Array {
    const scores = new Float64Array(this.rows.length);
    for (const language of ARTICLE_LANGUAGES) {
      const { rows, bm25 } = this.#words[language];
      bm25.score(words).forEach((score, at) => {
        scores[rows[at] ?? 0] = score;
      });
    }
    return scores;
  }
}

function readArticleWords(reader: WordReader, { title, chunks }: IndexedArticle) {
  const head = readWords(reader, title);
  const body = readWords(reader, chunks.map(({ heading, text }) => `${heading}\n${text}`).join('\n'));
  return {
    words: mergeBags([
      [head.words, TITLE_COUNTS],
      [body.words, 1],
    ]),
    concepts: mergeBags([
      [head.concepts, TITLE_COUNTS],
      [body.concepts, 1],
    ]),
  };
}

function nearestOf(vectors: readonly Float32Array[], question: Float32Array): number {
  return vectors.reduce((best, vector) => Math.max(best, dotAt(vector, 0, question)), -1);
}

function meanOfNearest(similarities: Float64Array): number {
  const nearest = [...similarities].sort((left, right) => right - left).slice(0, NEAREST_CHUNKS);
  return nearest.length === 0 ? 0 : nearest.reduce((sum, value) => sum + value, 0) / nearest.length;
}
