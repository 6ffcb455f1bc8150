import type { Context as HonoContext } from 'hono';
import { AppError } from '../errors.ts';

const STRONG_TAG = /^"(\d{1,9})"$/u;

/** The entity tag of a version of an item (RFC 9110, 8.8.3). */
export function etagOf({ version }: { readonly version: number }): { ETag: string } {
  return { ETag: `"${version}"` };
}

/**
 * The versions of `If-Match`; undefined without it and for `*`. A weak or foreign tag matches no version, as the
 * standard has it (RFC 9110, 13.1.1).
 *
 * @throws AppError `invalid_input` for what is no list of tags
 */
export function readIfMatch(c: HonoContext): readonly number[] | undefined {
  const header = c.req.header('if-match')?.trim();
  if (header === undefined || header === '*') return undefined;
  const tags = header.split(',').map((tag) => tag.trim());
  if (!tags.every((tag) => /^(?:W\/)?"[^"]*"$/u.test(tag)))
    throw new AppError('invalid_input', 'If-Match cannot be read.', {
      errors: [{ pointer: '/headers/If-Match', message: 'must be the ETag of an earlier answer, such as "3", or *' }],
    });
  return tags.flatMap((tag) => {
    const version = STRONG_TAG.exec(tag)?.[1];
    return version === undefined ? [] : [Number(version)];
  });
}

/** Whether the client holds this version already (`If-None-Match`, RFC 9110, 13.1.2). */
export function isKnown(c: HonoContext, item: { readonly version: number }): boolean {
  const tags = c.req.header('if-none-match')?.split(',') ?? [];
  return tags.some((tag) => tag.trim().replace(/^W\//u, '') === etagOf(item).ETag || tag.trim() === '*');
}
