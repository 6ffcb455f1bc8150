import { z } from 'zod';
import type { ConceptPhrases } from '../../text/concepts.ts';
import { phraseSchema } from '../../text/phrase-schema.ts';
import type { ClusterLanguage } from '../item.ts';
import type { Glossary } from './glossary.ts';

const inBoth = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });
const words = z
  .array(z.string())
  .transform((lines) => new Set<string>(lines.flatMap((line) => line.split(/\s+/u).filter((word) => word !== ''))));

/** `data/lexicons/generic-words.yaml`: words that say how people talk, not what about. */
export const genericWordsSchema = z.strictObject({ version: z.string(), zh: words, en: words });

/** `data/lexicons/cluster-titles.yaml`. */
export const clusterTitlesSchema = z.strictObject({
  version: z.string(),
  titles: z.array(z.strictObject({ topic: z.string(), title: inBoth, any: z.array(phraseSchema).min(1) })),
  fallback: z.strictObject({ with_topic: inBoth, topic_only: inBoth, phrase_only: inBoth, nothing: inBoth }),
  qualified: inBoth,
  joined: inBoth,
  spelled: z
    .array(z.string().regex(/^\S+$/u))
    .transform((names) => new Map(names.map((name) => [name.toLowerCase(), name]))),
});

/** A text in each language that people read. */
export type InBoth = Readonly<Record<ClusterLanguage, string>>;

/** What names of clusters are made of beside the messages. */
export interface NameLexicon {
  readonly generic: Readonly<Record<ClusterLanguage, ReadonlySet<string>>>;
  readonly titles: z.infer<typeof clusterTitlesSchema>['titles'];
  readonly fallback: z.infer<typeof clusterTitlesSchema>['fallback'];
  readonly qualified: InBoth;
  /** Two phrases as one. */
  readonly joined: InBoth;
  /** Names that are written with capitals, by their small letters. */
  readonly spelled: ReadonlyMap<string, string>;
  readonly glossary: Glossary;
  readonly concepts: ConceptPhrases;
}
