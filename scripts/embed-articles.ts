import { writeFile } from 'node:fs/promises';
import pino from 'pino';
import { loadConfig } from '../src/config.ts';
import { createEncoder } from '../src/embedding/create.ts';
import { ARTICLE_VECTORS, ARTICLES_FOLDER, viewKey } from '../src/knowledge/import-shipped.ts';
import { readFolder } from '../src/knowledge/read-folder.ts';
import { viewsOf } from '../src/knowledge/views.ts';
import { packVectors } from '../src/learning/seed-vectors.ts';

/** Writes data/articles/vectors.bin anew; to be run after the shipped articles or the shipped encoder have changed. */
const { articles, problems } = await readFolder(ARTICLES_FOLDER);
if (problems.length > 0) throw new Error(problems.join('\n'));
await using encoder = await createEncoder({ config: loadConfig({}), logger: pino({ level: 'warn' }) });
const vectors = new Map<string, Float32Array>();
for (const { article } of articles)
  for (const { text, embedding: kind } of viewsOf(article))
    vectors.set(viewKey(kind, text), (await encoder.embed(text, { kind })).vector);
await writeFile(ARTICLE_VECTORS, packVectors(encoder.info.hash, vectors));
