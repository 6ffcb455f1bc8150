import type { Transaction } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { keepSetting } from '../db/settings.ts';
import type { Tables } from '../db/tables.ts';
import { asVector } from '../db/vector.ts';
import type { Embedding, EmbedOptions, EncoderInfo } from '../embedding/encoder.ts';
import type { Actor } from '../feedback/actor.ts';
import { contentVersion } from '../policies/content-version.ts';
import type { Article } from './article.ts';
import { type View, viewsOf } from './views.ts';

/** Changes with every article; processes that hold articles look whether it has. */
export const REVISION = 'knowledge.revision';

/** What turns views into vectors: the encoder, or one that knows some of them already. */
export interface ViewEncoder {
  readonly info: EncoderInfo;
  embed(text: string, options?: EmbedOptions): Promise<Pick<Embedding, 'vector'>>;
}

export interface EmbeddedView extends View {
  readonly vector: Float32Array;
}

/** The vectors of an article, made before the transaction that keeps them. */
export async function embedViews(
  encoder: ViewEncoder,
  article: Pick<Article, 'title' | 'body'>,
  signal?: AbortSignal,
): Promise<EmbeddedView[]> {
  const embedded: EmbeddedView[] = [];
  for (const view of viewsOf(article)) {
    signal?.throwIfAborted();
    const options = { kind: view.embedding, ...(signal && { signal }) };
    embedded.push({ ...view, vector: (await encoder.embed(view.text, options)).vector });
  }
  return embedded;
}

export interface WrittenVersion {
  readonly id: string;
  readonly version: number;
  readonly article: Article;
  readonly views: readonly EmbeddedView[];
  readonly modelHash: string;
  readonly actor: Actor;
  readonly at: Date;
  readonly note?: string | undefined;
}

/** Content hash of all that an article says. */
export function hashOf(article: Article): string {
  return contentVersion(article);
}

/** Adds what an article says from now on; of the version before only the words stay, not the vectors. */
export async function insertVersion(tx: Transaction<Tables>, written: WrittenVersion): Promise<void> {
  const { id, version, article, views, modelHash, actor, at, note = null } = written;
  const { slug: _, language: __, ...content } = article;
  await tx
    .insertInto('article_version')
    .values({
      article_id: id,
      version,
      at,
      actor: JSON.stringify(actor),
      note,
      ...content,
      hash: hashOf(article),
    })
    .execute();
  await tx.deleteFrom('article_chunk').where('article_id', '=', id).execute();
  await insertChunks(tx, { id, version, views, modelHash });
  await touch(tx, at);
}

/** Keeps the vectors of a version. */
export async function insertChunks(
  tx: Transaction<Tables>,
  { id, version, views, modelHash }: Pick<WrittenVersion, 'id' | 'version' | 'views' | 'modelHash'>,
): Promise<void> {
  const rows = views.map(({ kind, position, text, vector }) => ({
    article_id: id,
    version,
    kind,
    position,
    text,
    model_hash: modelHash,
    embedding: asVector(vector),
  }));
  await tx.insertInto('article_chunk').values(rows).execute();
}

/** Lets every process see that something changed. */
export async function touch(tx: Transaction<Tables>, at: Date): Promise<void> {
  await keepSetting(tx, REVISION, uuidv7(), at);
}
