import { LRUCache } from 'lru-cache';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { LabelClassifier } from '../learning/label-classifier.ts';
import { DEFAULT_TAXONOMY } from './definition.ts';
import { modelHashOf, type TrainedTaxonomy, unpackTrained } from './trained.ts';

/** Classifiers that are kept ready: each has up to some tens of megabytes. */
const MAX_LOADED = 8;
/** Names that a refusal lists. */
const MAX_LISTED = 20;

/** What answers for a taxonomy now. */
export interface TaxonomyInForce extends TrainedTaxonomy {
  /** The version that the classifier was trained from. */
  readonly version: string;
  readonly classifier: LabelClassifier;
  /** By the id of an example. */
  readonly labelOf: ReadonlyMap<string, string>;
  /** Labels that are not answered any more, by the newest definition. */
  readonly retired: ReadonlySet<string>;
}

type Loaded = Omit<TaxonomyInForce, 'retired'>;
type Source = Pick<Context, 'database' | 'encoder'>;

/**
 * The classifiers of taxonomies, by name. Every call looks at the row (one read by primary key), so that a definition
 * or a training of another replica counts from the next call on; a classifier is read once per version.
 */
export class TaxonomiesInForce {
  readonly #source: Source;
  readonly #loaded = new LRUCache<string, Promise<Loaded | undefined>>({ max: MAX_LOADED });

  constructor(source: Source) {
    this.#source = source;
  }

  /**
   * @throws AppError `invalid_input` with the pointer `/taxonomy` when there is no such taxonomy, `conflict` when none
   *   of its versions can answer yet
   */
  async get(name: string): Promise<TaxonomyInForce> {
    const { database, encoder } = this.#source;
    const row = await database.kysely
      .selectFrom('taxonomy')
      .select(['status', 'retired', 'trained_version', 'model_hash'])
      .where('name', '=', name)
      .executeTakeFirst();
    if (row === undefined) throw await this.#unknown();
    const hash = modelHashOf(encoder.info.hash);
    if (row.status === 'failed' && row.trained_version === null)
      throw new AppError('conflict', 'The training of this taxonomy failed; GET /v1/taxonomies/{name} says why.');
    const version = row.model_hash === hash ? row.trained_version : null;
    const loaded = version === null ? undefined : await this.#load(name, version, hash);
    if (loaded === undefined)
      throw new AppError('conflict', 'This taxonomy is being trained, and no earlier version can answer. Try later.');
    return { ...loaded, retired: new Set(row.retired) };
  }

  async #load(name: string, version: string, hash: string): Promise<Loaded | undefined> {
    const key = `${name} ${version} ${hash}`;
    const kept = this.#loaded.get(key);
    if (kept !== undefined) return await kept;
    const loading = this.#read(name, version, hash);
    this.#loaded.set(key, loading);
    // Another version may have come between the two reads; a failure is not kept either.
    const forget = () => this.#loaded.delete(key);
    loading.then((loaded) => loaded ?? forget(), forget);
    return await loading;
  }

  async #read(name: string, version: string, hash: string): Promise<Loaded | undefined> {
    const row = await this.#source.database.kysely
      .selectFrom('taxonomy')
      .select('model')
      .where('name', '=', name)
      .where('trained_version', '=', version)
      .where('model_hash', '=', hash)
      .executeTakeFirst();
    if (!row?.model) return undefined;
    const trained = await unpackTrained(row.model);
    const { labels, exampleIds, exampleLabels } = trained.model;
    const labelOf = new Map(exampleIds.map((id, at) => [id, labels[exampleLabels[at] ?? 0] ?? '']));
    return { ...trained, version, labelOf, classifier: new LabelClassifier(trained.model) };
  }

  async #unknown(): Promise<AppError> {
    const rows = await this.#source.database.kysely
      .selectFrom('taxonomy')
      .select('name')
      .orderBy('name')
      .limit(MAX_LISTED + 1)
      .execute();
    const names = [DEFAULT_TAXONOMY, ...rows.slice(0, MAX_LISTED).map(({ name }) => name)].join(', ');
    const more = rows.length > MAX_LISTED ? ' and others (GET /v1/taxonomies)' : '';
    return new AppError('invalid_input', 'Not accepted: /taxonomy.', {
      errors: [{ pointer: '/taxonomy', message: `is not a taxonomy that is set up; there are ${names}${more}` }],
    });
  }
}
