import type { Context as HonoContext } from 'hono';
import type { z } from 'zod';
import type { ChangeOptions } from '../feedback/change-item.ts';
import { parseWith, readJson } from './body.ts';
import type { HttpEnv } from './env.ts';
import { readIfMatch } from './etag.ts';

/** Whose id stands in the path. */
export function idOfPath(c: HonoContext<HttpEnv>): string {
  return c.req.param('id') ?? '';
}

/** Who changes an item, and which version of it they have seen. @throws AppError `invalid_input` */
export function changeOptions(c: HonoContext<HttpEnv>): ChangeOptions {
  return { actor: c.get('actor'), ifVersion: readIfMatch(c) };
}

/** The body by its schema. @throws AppError as `readJson` and `parseWith` */
export async function readRequest<T>(c: HonoContext<HttpEnv>, schema: z.ZodType<T>): Promise<T> {
  return parseWith(schema, (await readJson(c)).value);
}
