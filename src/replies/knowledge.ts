import path from 'node:path';
import { DATA_FOLDER, type Engine } from '../context.ts';
import type { Segmenter } from '../text/segment.ts';
import type { Retrieve } from './passage.ts';
import { openShelf } from './shelf.ts';

const shelves = new WeakMap<Segmenter, Promise<Retrieve>>();

/** What replies ask for passages: the shipped articles, read once per process. */
export function retrieverOf({ segmenter, now }: Pick<Engine, 'segmenter' | 'now'>): Promise<Retrieve> {
  const shelf = shelves.get(segmenter) ?? openShelf(path.join(DATA_FOLDER, 'articles'), segmenter, now());
  shelves.set(segmenter, shelf);
  return shelf;
}
