import type { FeatureSource } from '../learning/features.ts';

/** Languages whose messages are compared word by word; what is neither counts as English. */
export type ClusterLanguage = 'zh' | 'en';
export const CLUSTER_LANGUAGES: readonly ClusterLanguage[] = ['zh', 'en'];

/** A message as clusters see it. */
export interface ClusterItem {
  readonly id: string;
  /** The encoder's vector, as it comes. */
  readonly vector: Float32Array;
  readonly language: ClusterLanguage;
  /** Its words, of the masked text. */
  readonly source: FeatureSource;
  /** Who wrote it; undefined where nobody knows, which counts as somebody else each time. */
  readonly customer?: string | undefined;
}

/** The same for texts that differ in case, spacing and numbers only. */
export function textKey({ source }: Pick<ClusterItem, 'source'>): string {
  return source.words
    .filter(({ kind }) => kind !== 'mark')
    .map(({ kind, form }) => (kind === 'number' ? '#' : form))
    .join(' ');
}

/** How many people and how many different texts a group of items has. */
export function countVoices(items: readonly ClusterItem[]): { readonly customers: number; readonly texts: number } {
  return { customers: countPeople(items.map(({ customer }) => customer)), texts: new Set(items.map(textKey)).size };
}

/** How many people wrote: somebody whom nobody knows is another one each time. */
export function countPeople(customers: readonly (string | undefined)[]): number {
  const known = customers.filter((one) => one !== undefined);
  return new Set(known).size + customers.length - known.length;
}

/** A group of items is a cluster when at least this many people say it, and not all in the same words. */
export const LEAST_CUSTOMERS = 3;
export const LEAST_TEXTS = 2;

export function isHeard(items: readonly ClusterItem[]): boolean {
  const { customers, texts } = countVoices(items);
  return customers >= LEAST_CUSTOMERS && texts >= LEAST_TEXTS;
}
